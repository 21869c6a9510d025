// Scripts do not roll back. Here every call of every script fails once, and each bookkeeping key is once of
// another type: no message may be lost, what failed before the first write has changed nothing, and a repeated
// call gets to the same end.
#include <algorithm>
#include <set>

#include "broker_test.hpp"
#include "redis/error.hpp"
#include "scenes.hpp"

namespace samovar::broker {
namespace {

// The call number that the key names fails; the error tells how many writes came before it.
constexpr auto failing = R"(
local fail_at, calls, writes, plain = tonumber(redis.call('GET', 'test:fail_at') or 0), 0, 0, redis
local reading = { GET = 1, HGET = 1, HGETALL = 1, HKEYS = 1, HLEN = 1, HEXISTS = 1, HSTRLEN = 1, EXISTS = 1, TYPE = 1,
    TIME = 1, LLEN = 1, LRANGE = 1, SCARD = 1, SMEMBERS = 1, PTTL = 1, ZCARD = 1, ZSCORE = 1, ZRANGE = 1, ZREVRANGE = 1, ZRANGEBYSCORE = 1,
    GETRANGE = 1, SELECT = 1, PUBLISH = 1 }
local function counted(command, ...)
    calls = calls + 1
    if calls == fail_at then error({ err = 'FORCED ' .. writes .. ' ' .. command }) end
    if not reading[command] then writes = writes + 1 end
    return plain.call(command, ...)
end
local redis = { call = counted, sha1hex = plain.sha1hex, pcall = function(...)
    local good, answer = pcall(counted, ...)
    return answer
end }
)";

const ScriptSet& failing_scripts() {
    static const ScriptSet set = make_scripts(failing);
    return set;
}

class ScriptErrors : public ::testing::TestWithParam<SceneCase> {
protected:
    RedisWorld world{Store::redis_with_result_database, &failing_scripts()};

    std::unique_ptr<Scene> arranged() {
        world.set("test:fail_at", "0");
        auto scene = GetParam().make(world);
        scene->arrange();
        return scene;
    }

    /// The writes that came before the forced failure; nullopt: the call succeeded.
    std::optional<int> act_with_failure(Scene& scene, int at) {
        world.set("test:fail_at", std::to_string(at));
        std::optional<int> writes;
        try {
            scene.act();
        } catch (const redis::Error& error) {
            EXPECT_EQ(error.code_word(), "FORCED") << error.what();
            writes = std::stoi(std::string{error.what()}.substr(std::string{error.what()}.find("FORCED ") + 7));
        }
        world.set("test:fail_at", "0");
        return writes;
    }

    /// A digest of every key in every database, whatever the order that a hash is kept in.
    std::string everything() { return world.command({"DEBUG", "DIGEST"}).text(); }

    static std::set<std::string> lines(const View& view) {
        std::set<std::string> found;
        const auto text = describe(view);
        for (std::size_t start = 0; start < text.size();) {
            const auto end = text.find('\n', start);
            found.insert(text.substr(start, end - start));
            start = end + 1;
        }
        return found;
    }

    static std::vector<std::string> missing(const std::vector<std::string>& from, const View& in) {
        const auto present = in.messages();
        std::vector<std::string> gone;
        std::ranges::set_difference(from, present, std::back_inserter(gone));
        gone.erase(std::ranges::unique(gone).begin(), gone.end());
        std::erase_if(gone, [&](const auto& message) { return std::ranges::binary_search(present, message); });
        return gone;
    }
};
INSTANTIATE_TEST_SUITE_P(Of, ScriptErrors, ::testing::ValuesIn(scene_cases()),
                         [](const auto& info) { return info.param.name; });

TEST_P(ScriptErrors, a_call_that_fails_loses_nothing_and_is_repeated) {
    auto scene = arranged();
    const auto before = world.view();
    scene->act();
    const auto expected = world.view();

    int at = 1;
    for (;; ++at) {
        scene = arranged();
        ASSERT_EQ(describe(world.view()), describe(before)) << "a scene has to be the same each time";
        const auto writes = act_with_failure(*scene, at);
        const auto after = world.view();
        if (!writes) break;
        SCOPED_TRACE(fmt::format("call {} failed after {} writes", at, *writes));
        if (*writes == 0) {
            EXPECT_EQ(describe(after), describe(before));
        }
        // What is to be gone at the end may be gone now; nothing else.
        const auto kept = GetParam().removes ? expected.messages() : before.messages();
        for (const auto& message : missing(kept, after))
            EXPECT_FALSE(std::ranges::binary_search(before.messages(), message)) << "lost " << message;

        scene->act();
        const auto finally = lines(world.view());
        if (*writes == 0) {
            EXPECT_EQ(finally, lines(expected));
        }
        // A copy that was made before the failure may be there twice, or be further on its way; that is at least
        // once.
        for (const auto& line : lines(expected)) {
            if (line.starts_with("queue") || line.starts_with("delayed") || line.starts_with("dead")) {
                EXPECT_TRUE(finally.contains(line)) << line;
            }
        }
        EXPECT_THAT(missing(expected.messages(), world.view()), IsEmpty());
    }
    EXPECT_GT(at, 1) << "the script makes no call";
}

TEST_P(ScriptErrors, a_bookkeeping_key_of_another_type_changes_nothing) {
    arranged();
    std::vector<std::string> names;
    for (const auto& key : world.array({"KEYS", "*"})) names.push_back(key.text());
    const auto& keys = world.keys();
    for (const auto& name :
         {keys.unacked(), keys.unacked_index(), keys.held("w1"), keys.marks("w1"), keys.suspects(), keys.delayed(),
          keys.dead(), keys.delayed_payload(), keys.dead_payload(), keys.workers(), keys.promoter()})
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);

    for (const auto& name : names) {
        if (name == "test:fail_at") continue;
        SCOPED_TRACE(name);
        const auto scene = arranged();
        world.command({"DEL", name});
        world.command({"XADD", name, "*", "field", "of a kind that no script uses"});
        const auto before = everything();
        try {
            scene->act();
        } catch (const redis::Error& error) {
            EXPECT_EQ(error.kind(), redis::Errc::server_error);
            if (!GetParam().several) {
                EXPECT_EQ(everything(), before) << error.what();
            }
        }
    }
}

}  // namespace
}  // namespace samovar::broker
