// A Limiter and its store, in which time passes without anybody waiting.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <samovar/limiter.hpp>
#include <samovar/testing/manual_clock.hpp>

#include "redis/connection.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"

namespace samovar::limits {

using namespace std::chrono_literals;

// Makes everything in the database as much older as the argument says, in milliseconds.
inline constexpr std::string_view aging = R"(
local older = tonumber(ARGV[1])
for _, key in ipairs(redis.call('KEYS', '*')) do
    local left = redis.call('PTTL', key)
    if redis.call('TYPE', key).ok == 'list' then
        for i, at in ipairs(redis.call('LRANGE', key, 0, -1)) do
            redis.call('LSET', key, i - 1, string.format('%.17g', tonumber(at) - older / 1000))
        end
    end
    if left <= older then redis.call('DEL', key) else redis.call('PEXPIRE', key, left - older) end
end
)";

enum class StoreKind { redis, memory };

class LimitWorld {
public:
    LimitWorld(StoreKind kind, Strategy strategy) {
        LimiterOptions options{.store_url = "memory://", .strategy = strategy, .deadline = 60s, .clock = &clock};
        if (kind == StoreKind::redis) {
            server.emplace();
            options.store_url = server->url();
            connection.emplace(loop.executor(),
                               redis::ConnectionOptions{.endpoint = redis::parse_url(server->url())});
        }
        limiter.emplace(loop.executor(), options);
    }

    Decision hit(std::vector<Hit> made, Counting counting = Counting::in_order) {
        return loop.run(limiter->hit(std::move(made), counting));
    }
    Decision hit(std::string_view limits, std::int64_t cost = 1) {
        return hit(hits(parse(limits), {"who"}, cost));
    }
    Decision test(std::string_view limits, std::int64_t cost = 1) {
        return loop.run(limiter->test(hits(parse(limits), {"who"}, cost)));
    }
    std::int64_t remaining(std::string_view limit) { return test(limit).windows.at(0).remaining; }

    void wait(std::chrono::milliseconds time) {
        clock.advance(time);
        if (!connection) return;
        command({"EVAL", aging, "0", std::to_string(time.count())});
    }
    redis::Reply command(redis::Request request) {
        return loop.run(connection->command(std::move(request), {.deadline = 60s}));
    }

    testing::ManualClock clock;
    testing::Loop loop;
    std::optional<testing::RedisServer> server;
    std::optional<redis::Connection> connection;
    std::optional<Limiter> limiter;
};

}  // namespace samovar::limits
