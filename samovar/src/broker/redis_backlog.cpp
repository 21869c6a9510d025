#include "broker/redis_backlog.hpp"

#include <cmath>
#include <optional>

namespace samovar::broker {
namespace {

constexpr int backlog_steps[] = {0, 3, 6, 9};

// A key that holds another type has nothing that waits.
std::size_t count_of(const redis::Reply& reply) {
    return reply.is_error() ? 0 : static_cast<std::size_t>(reply.integer());
}

std::int64_t microseconds_of(const redis::Reply& time) {
    return std::llround(time.array().at(0).number()) * 1'000'000 + std::llround(time.array().at(1).number());
}

// RESP3 answers with pairs, RESP2 with their parts.
std::optional<std::int64_t> first_score(const redis::Reply& range) {
    if (range.is_error() || range.array().empty()) return std::nullopt;
    const auto& parts = range.array().front().is_array() ? range.array().front().array() : range.array();
    return std::llround(parts.at(1).number());
}

}  // namespace

redis::Request RedisBacklog::questions(const std::vector<std::string>& queues) const {
    const auto& keys = session_.keys;
    redis::Request request{"TIME"};
    request.add({"HLEN", keys.unacked()});
    request.add({"ZCARD", keys.delayed()});
    request.add({"ZCARD", keys.dead()});
    request.add({"ZRANGE", keys.delayed(), "0", "0", "WITHSCORES"});
    for (const auto& queue : queues)
        for (const int step : backlog_steps) request.add({"LLEN", keys.list({queue, step})});
    return request;
}

asio::awaitable<Backlog> RedisBacklog::read(std::vector<std::string> queues) {
    const redis::CallOptions options{.deadline = session_.timeout, .resend = true};
    const auto answers = co_await session_.connection.exec(questions(queues), options);
    Backlog backlog{
        .reserved = count_of(answers.at(1)), .delayed = count_of(answers.at(2)), .dead = count_of(answers.at(3))};
    std::size_t at = 5;
    for (const auto& queue : queues)
        for ([[maybe_unused]] const int step : backlog_steps) backlog.queued[queue] += count_of(answers.at(at++));

    const auto now = microseconds_of(answers.at(0));
    const auto due = first_score(answers.at(4));
    if (!due || *due > now) co_return backlog;
    const auto overdue = co_await session_.ask({"ZCOUNT", session_.keys.delayed(), "-inf", std::to_string(now)});
    backlog.overdue = static_cast<std::size_t>(overdue.integer());
    backlog.lateness = std::chrono::microseconds{now - *due};
    co_return backlog;
}

}  // namespace samovar::broker
