// What only a store that other processes share can show: its keys, its failures, its absence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <samovar/error.hpp>

#include "limit/redis_store.hpp"
#include "limit_world.hpp"
#include "redis/error.hpp"

namespace samovar::limits {
namespace {

using ::testing::HasSubstr;

class RedisLimits : public ::testing::Test {
protected:
    explicit RedisLimits(Strategy strategy = Strategy::fixed_window) : world(StoreKind::redis, strategy) {}

    std::int64_t ttl(std::string_view key) { return world.command({"PTTL", key}).integer(); }
    std::string get(std::string_view key) { return world.command({"GET", key}).text(); }

    LimitWorld world;
};

TEST_F(RedisLimits, a_fixed_window_is_one_number_with_an_end) {
    world.hit("3/minute", 2);
    EXPECT_EQ(get("LIMITS:LIMITER/who/3/1/minute"), "2");
    EXPECT_GT(ttl("LIMITS:LIMITER/who/3/1/minute"), 30'000);
}

TEST_F(RedisLimits, a_counter_that_lost_its_end_gets_one_instead_of_refusing_for_ever) {
    world.command({"SET", "LIMITS:LIMITER/who/3/1/minute", "100"});
    EXPECT_FALSE(world.hit("3/minute").allowed());
    EXPECT_GT(ttl("LIMITS:LIMITER/who/3/1/minute"), 0);
}

TEST_F(RedisLimits, all_limits_of_a_check_are_one_round_trip) {
    world.hit("3/minute");
    world.command({"CONFIG", "RESETSTAT"});
    world.hit("3/minute; 20/hour; 100/day");
    EXPECT_THAT(world.command({"INFO", "commandstats"}).text(), HasSubstr("cmdstat_evalsha:calls=1,"));
}

TEST_F(RedisLimits, a_script_that_redis_forgot_is_sent_again) {
    world.hit("3/minute");
    world.command({"SCRIPT", "FLUSH"});
    EXPECT_EQ(world.hit("3/minute").source, Source::store);
    EXPECT_EQ(world.remaining("3/minute"), 1);
}

TEST_F(RedisLimits, a_key_of_another_strategy_is_decided_in_memory_and_harms_no_other_key) {
    world.command({"RPUSH", "LIMITS:LIMITER/who/3/1/minute", "x"});
    EXPECT_EQ(world.hit("3/minute").source, Source::memory);
    EXPECT_EQ(world.hit("4/minute").source, Source::store);
}

TEST_F(RedisLimits, the_same_limits_hold_in_memory_while_the_store_is_gone_and_in_the_store_once_it_is_back) {
    world.hit("3/minute");
    world.server->kill();
    for (const bool allowed : {true, true, true, false}) {
        const auto decision = world.hit("3/minute");
        EXPECT_EQ(decision.source, Source::memory);
        EXPECT_EQ(decision.allowed(), allowed);
    }
    world.server->start();
    world.loop.until([&] { return world.hit("9/day").source == Source::store; });
    EXPECT_EQ(world.hit("3/minute").source, Source::store);
}

TEST_F(RedisLimits, clearing_says_when_the_store_was_not_reached) {
    world.hit("3/minute");
    world.server->kill();
    EXPECT_THROW(world.loop.run(world.limiter->clear(hits(parse("3/minute"), {"who"}))), StoreUnavailable);
    EXPECT_EQ(world.remaining("3/minute"), 3);
}

class StoreDown : public ::testing::Test {
protected:
    Decision first_hit(OnStoreDown policy) {
        Limiter limiter{
            loop.executor(),
            {.store_url = server.url(), .on_store_down = policy, .deadline = std::chrono::milliseconds{1}}};
        server.pause();
        // The handshake may just have succeeded: ask until the silence was noticed.
        auto decision = loop.run(limiter.hit(hits(parse("1/minute"), {"who"})));
        while (decision.source == Source::store) decision = loop.run(limiter.hit(hits(parse("9/day"), {"who"})));
        server.resume();
        return decision;
    }

    testing::RedisServer server;
    testing::Loop loop;
};

TEST_F(StoreDown, allow_lets_everything_through) {
    const auto decision = first_hit(OnStoreDown::allow);
    EXPECT_TRUE(decision.allowed());
    EXPECT_EQ(decision.source, Source::policy);
    EXPECT_TRUE(decision.windows.empty());
}

TEST_F(StoreDown, deny_refuses) {
    const auto decision = first_hit(OnStoreDown::deny);
    EXPECT_EQ(decision.refused, 0U);
    EXPECT_EQ(decision.source, Source::policy);
}

TEST_F(StoreDown, a_silent_store_is_asked_again_when_it_answers) {
    Limiter limiter{loop.executor(), {.store_url = server.url(), .deadline = std::chrono::milliseconds{100}}};
    const auto source = [&] { return loop.run(limiter.hit(hits(parse("900/day"), {"who"}))).source; };
    loop.until([&] { return source() == Source::store; });
    server.pause();
    EXPECT_EQ(source(), Source::memory);
    server.resume();
    loop.until([&] { return source() == Source::store; });
}

TEST_F(StoreDown, a_url_that_cannot_be_used_is_named_at_once) {
    EXPECT_THROW((Limiter{loop.executor(), {.store_url = "http://nowhere"}}), ConfigurationError);
}

// The call number that the key names fails, as a Redis out of memory makes it fail.
constexpr auto failing = R"(
local fail_at, calls, plain = tonumber(redis.call('GET', 'test:fail_at') or 0), 0, redis
local redis = { call = function(command, ...)
    calls = calls + 1
    if calls == fail_at then error({ err = 'FORCED ' .. command }) end
    return plain.call(command, ...)
end }
)";

class ScriptFailure : public ::testing::TestWithParam<Strategy> {};
INSTANTIATE_TEST_SUITE_P(Of, ScriptFailure,
                         ::testing::Values(Strategy::fixed_window, Strategy::moving_window,
                                           Strategy::sliding_window_counter),
                         [](const auto& info) {
                             return "strategy_" + std::to_string(static_cast<int>(info.param));
                         });

// Two limits, the second counted for the second time, and windows that have to be shifted.
TEST_P(ScriptFailure, at_any_call_leaves_no_counter_that_refuses_for_ever) {
    LimitWorld world{StoreKind::redis, GetParam()};
    const auto script = make_script(GetParam(), failing);
    RedisStore store{world.loop.executor(),
                     {.endpoint = redis::parse_url(world.server->url()),
                      .strategy = GetParam(),
                      .deadline = 60s,
                      .script = &script}};
    const auto counters = make_counters(hits(parse("3/minute; 2/minute"), {"who"}), GetParam(), "LIMITS:");
    const auto check = [&] { return world.loop.run(store.check(counters, Mode::in_order)); };
    int at = 1;
    for (;; ++at) {
        world.command({"FLUSHDB"});
        check();
        world.wait(70s);
        world.command({"SET", "test:fail_at", std::to_string(at)});
        try {
            check();
            break;
        } catch (const redis::Error& error) {
            EXPECT_EQ(error.code_word(), "FORCED") << error.what();
        }
        world.command({"DEL", "test:fail_at"});
        check();
        const auto keys = world.command({"KEYS", "LIMITS:*"});
        for (const auto& key : keys.array())
            EXPECT_GT(world.command({"PTTL", key.text()}).integer(), 0) << key.text() << " after call " << at;
        world.wait(130s);
        EXPECT_TRUE(check().allowed());
    }
    EXPECT_GT(at, 4) << "hardly any call was made to fail";
}

}  // namespace
}  // namespace samovar::limits
