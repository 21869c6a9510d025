// A Redis without memory takes nothing new and lets go on what is there. A user whose rights were cut down ends
// scripts in their middle. Here each command is forbidden once to every call of every script: then it moves
// nothing, and a repeated call that may do everything gets to the same end, without a message that is there twice.
#include "broker_test.hpp"
#include "redis/error.hpp"
#include "scenes.hpp"

namespace samovar::broker {
namespace {

constexpr std::array commands{
    "lpush", "rpush", "ltrim", "hset",   "hdel",      "hincrby", "zadd", "zrem",   "zremrangebyscore",
    "set",   "setex", "del",   "expire", "pexpireat", "sadd",    "srem", "publish"};

class ScriptRefusals : public ::testing::TestWithParam<SceneCase> {
protected:
    RedisWorld world{Store::redis_with_result_database, &scripts()};

    std::unique_ptr<Scene> arranged() {
        auto scene = GetParam().make(world);
        scene->arrange();
        return scene;
    }

    /// Whether the call was refused.
    bool refused(Scene& scene, const std::string& command) {
        bool refused = false;
        world.command({"ACL", "SETUSER", "default", "-" + command});
        try {
            scene.act();
        } catch (const redis::Error& error) {
            refused = true;
            EXPECT_EQ(error.kind(), redis::Errc::server_error) << error.what();
        }
        world.command({"ACL", "SETUSER", "default", "+@all"});
        return refused;
    }

    /// Where every message is, and how many contents are kept of what waits and what is dead.
    std::string state() {
        const auto& keys = world.keys();
        const auto count = [&](const char* command, const std::string& key) {
            return std::to_string(world.command({command, key}).integer());
        };
        return describe(world.view()) + "delayed " + count("ZCARD", keys.delayed()) + " of " +
               count("HLEN", keys.delayed_payload()) + ", dead " + count("ZCARD", keys.dead()) + " of " +
               count("HLEN", keys.dead_payload());
    }
};
INSTANTIATE_TEST_SUITE_P(Of, ScriptRefusals, ::testing::ValuesIn(scene_cases()),
                         [](const auto& info) { return info.param.name; });

TEST_P(ScriptRefusals, a_call_that_may_not_do_all_of_it_moves_nothing_and_is_repeated) {
    auto scene = arranged();
    const auto before = state();
    scene->act();
    const auto expected = state();

    // These move one message after the other, each wholly or not at all.
    const bool each =
        GetParam().several || GetParam().name == "RestoreForeign" || GetParam().name == "StartLimited";
    for (const auto* command : commands) {
        SCOPED_TRACE(command);
        scene = arranged();
        if (!refused(*scene, command)) {
            EXPECT_EQ(state(), expected);
            continue;
        }
        // Announcements come last.
        if (!each && std::string_view{command} != "publish") {
            EXPECT_EQ(state(), before);
        }
        scene->act();
        EXPECT_EQ(state(), expected);
    }
}

TEST_P(ScriptRefusals, without_memory_everything_goes_on_but_what_is_new) {
    auto scene = arranged();
    scene->act();
    const auto expected = state();

    scene = arranged();
    const auto before = state();
    world.command({"CONFIG", "SET", "maxmemory", "1"});
    const bool is_new = GetParam().name.starts_with("Publish") || GetParam().name == "StoreResults";
    if (is_new) {
        EXPECT_THROW(scene->act(), redis::Error);
    } else {
        EXPECT_NO_THROW(scene->act());
    }
    world.command({"CONFIG", "SET", "maxmemory", "0"});
    EXPECT_EQ(state(), is_new ? before : expected);
}

}  // namespace
}  // namespace samovar::broker
