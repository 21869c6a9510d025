// A user whose rights were cut down ends scripts in their middle. Here each command is forbidden once to every
// call of beat's scripts: then no message is sent, or the slot is noted as sent with it; and a repeated call that
// may do everything sends no second one.
#include "beat_test.hpp"
#include "redis/error.hpp"
#include "scenes.hpp"

namespace samovar::beat {
namespace {

constexpr std::array commands{"lpush", "hset",    "hdel", "zadd", "zrem",   "set",
                              "del",   "pexpire", "sadd", "srem", "publish"};

class BeatScriptRights : public BeatTest, public ::testing::WithParamInterface<Scene> {
protected:
    void arrange() {
        command({"FLUSHALL"});
        for (auto& request : arrangement(store.keys())) command(std::move(request));
    }
    void act() { GetParam().act(store, loop); }

    void act_without(const std::string& forbidden) {
        command({"ACL", "SETUSER", "default", "-" + forbidden});
        try {
            act();
        } catch (const redis::Error& error) {
            EXPECT_EQ(error.kind(), redis::Errc::server_error) << error.what();
        }
        command({"ACL", "SETUSER", "default", "+@all"});
    }

    /// Messages in the queue, and what is kept of those that wait.
    std::array<std::int64_t, 3> copies() {
        return {command({"LLEN", "shop:celery"}).integer(), command({"ZCARD", "shop:samovar:delayed"}).integer(),
                command({"HLEN", "shop:samovar:delayed:payload"}).integer()};
    }

    App app{"shop", app_options()};
    Store store{app.impl(), loop.executor(), scripts()};
};
INSTANTIATE_TEST_SUITE_P(Of, BeatScriptRights, ::testing::ValuesIn(scenes()),
                         [](const auto& info) { return info.param.name; });

TEST_P(BeatScriptRights, a_call_that_may_not_do_all_of_it_is_repeated_and_sends_once) {
    arrange();
    act();
    const auto expected = copies();
    for (const auto* forbidden : commands) {
        SCOPED_TRACE(forbidden);
        arrange();
        act_without(forbidden);
        act();
        EXPECT_EQ(copies(), expected);
    }
}

}  // namespace
}  // namespace samovar::beat
