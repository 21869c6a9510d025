// Scripts do not roll back. Here every call of every script fails once: a message is there or its slot is still
// due, what failed before the first write has changed nothing, and a repeated call gets to the end that an
// undisturbed one has. And each key is once of another type: then nothing changes at all.
#include "beat_test.hpp"
#include "redis/error.hpp"
#include "scenes.hpp"

namespace samovar::beat {
namespace {

// The call number that the key names fails; the error tells how many writes came before it.
constexpr auto failing = R"(
local fail_at, calls, writes, plain = tonumber(redis.call('GET', 'test:fail_at') or 0), 0, 0, redis
local reading = { GET = 1, HGET = 1, HMGET = 1, HGETALL = 1, HLEN = 1, HEXISTS = 1, EXISTS = 1, TIME = 1, LLEN = 1,
    SCARD = 1, SMEMBERS = 1, SISMEMBER = 1, ZCARD = 1, ZSCORE = 1, ZRANGE = 1, PTTL = 1, PUBLISH = 1 }
local function counted(command, ...)
    calls = calls + 1
    if calls == fail_at then error({ err = 'FORCED ' .. writes .. ' ' .. command }) end
    if not reading[command] then writes = writes + 1 end
    return plain.call(command, ...)
end
local redis = { call = counted, pcall = function(...)
    local good, answer = pcall(counted, ...)
    return answer
end }
)";

const ScriptSet& failing_scripts() {
    static const ScriptSet set = make_scripts(failing);
    return set;
}

class BeatScriptErrors : public BeatTest, public ::testing::WithParamInterface<Scene> {
protected:
    void arrange() {
        command({"FLUSHALL"});
        for (auto& request : arrangement(store.keys())) command(std::move(request));
    }
    void act() { GetParam().act(store, loop); }

    /// The writes before the forced failure; nullopt: the script has no call of that number.
    std::optional<int> act_with_failure(int at) {
        command({"SET", "test:fail_at", std::to_string(at)});
        std::optional<int> writes;
        try {
            act();
        } catch (const redis::Error& error) {
            const std::string what = error.what();
            EXPECT_EQ(error.code_word(), "FORCED") << what;
            writes = std::stoi(what.substr(what.find("FORCED ") + 7));
        }
        command({"DEL", "test:fail_at"});
        return writes;
    }

    std::string digest() { return command({"DEBUG", "DIGEST"}).text(); }
    /// Without what holds a time, or a name that is made up for each call: that of a delayed message.
    std::string end_state() {
        const auto delayed = command({"ZCARD", "shop:samovar:delayed"}).integer();
        command({"DEL", store.keys().watch, "shop:samovar:delayed", "shop:samovar:delayed:payload"});
        command({"PERSIST", store.keys().leader});
        return digest() + " " + std::to_string(delayed);
    }
    std::int64_t copies() {
        return command({"LLEN", "shop:celery"}).integer() + command({"ZCARD", "shop:samovar:delayed"}).integer();
    }

    App app{"shop", app_options()};
    Store store{app.impl(), loop.executor(), failing_scripts()};
};
INSTANTIATE_TEST_SUITE_P(Of, BeatScriptErrors, ::testing::ValuesIn(scenes()),
                         [](const auto& info) { return info.param.name; });

TEST_P(BeatScriptErrors, a_call_that_fails_loses_nothing_and_is_repeated) {
    arrange();
    act();
    const auto copies_after = copies();
    const auto expected = end_state();

    int at = 1;
    for (;; ++at) {
        arrange();
        const auto before = digest();
        const auto writes = act_with_failure(at);
        if (!writes) break;
        SCOPED_TRACE("call " + std::to_string(at) + " failed after " + std::to_string(*writes) + " writes");
        if (*writes == 0) EXPECT_EQ(digest(), before);
        act();
        // A copy that was made before the failure is there twice; that is at least once.
        const auto copies_now = copies();
        EXPECT_GE(copies_now, copies_after);
        if (copies_now == copies_after) EXPECT_EQ(end_state(), expected);
    }
    EXPECT_GT(at, 1) << "the script makes no call";
}

TEST_P(BeatScriptErrors, a_key_of_another_type_changes_nothing) {
    arrange();
    for (const auto& key : texts({"KEYS", "*"})) {
        SCOPED_TRACE(key);
        arrange();
        command({"DEL", key});
        command({"XADD", key, "*", "field", "of a kind that no script uses"});
        const auto before = digest();
        try {
            act();
        } catch (const redis::Error& error) {
            EXPECT_EQ(error.code_word(), "WRONGTYPE") << error.what();
            EXPECT_EQ(digest(), before);
        }
    }
}

}  // namespace
}  // namespace samovar::beat
