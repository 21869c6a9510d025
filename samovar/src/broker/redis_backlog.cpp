#include "broker/redis_backlog.hpp"

#include <algorithm>
#include <array>
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

// Fields of a worker's hash that are no reservations.
constexpr std::array describing{"about", "lease", "batch", "may_start", "reaping"};

}  // namespace

redis::Request RedisBacklog::questions(const std::vector<std::string>& queues) const {
    const auto& keys = session_.keys;
    redis::Request request{"TIME"};
    request.add({"HLEN", keys.unacked()});
    request.add({"ZCARD", keys.delayed()});
    request.add({"ZCARD", keys.dead()});
    request.add({"ZRANGE", keys.delayed(), "0", "0", "WITHSCORES"});
    request.add({"ZRANGE", keys.workers(), "0", "-1"});
    for (const auto& queue : queues)
        for (const int step : backlog_steps) request.add({"LLEN", keys.list({queue, step})});
    return request;
}

// What our workers hold: their hashes less the fields that describe them.
asio::awaitable<std::size_t> RedisBacklog::count_held(std::vector<std::string> incarnations) {
    if (incarnations.empty()) co_return 0;
    redis::Request request;
    for (const auto& incarnation : incarnations) {
        const auto held = session_.keys.held(incarnation);
        request.add({"HLEN", held});
        for (const auto* field : describing) request.add({"HEXISTS", held, field});
    }
    const auto answers =
        co_await session_.connection.exec(std::move(request), {.deadline = session_.timeout, .resend = true});
    std::size_t held = 0;
    for (std::size_t at = 0; at < answers.size(); at += 1 + describing.size()) {
        std::size_t fields = 0;
        for (std::size_t i = 1; i <= describing.size(); ++i) fields += count_of(answers[at + i]);
        held += count_of(answers[at]) - std::min(fields, count_of(answers[at]));
    }
    co_return held;
}

asio::awaitable<Backlog> RedisBacklog::read(std::vector<std::string> queues) {
    const redis::CallOptions options{.deadline = session_.timeout, .resend = true};
    const auto answers = co_await session_.connection.exec(questions(queues), options);
    Backlog backlog{
        .reserved = count_of(answers.at(1)), .delayed = count_of(answers.at(2)), .dead = count_of(answers.at(3))};
    std::vector<std::string> incarnations;
    if (answers.at(5).is_array())
        for (const auto& incarnation : answers[5].array()) incarnations.push_back(incarnation.text());
    backlog.reserved += co_await count_held(std::move(incarnations));
    std::size_t at = 6;
    for (const auto& queue : queues)
        for ([[maybe_unused]] const int step : backlog_steps) backlog.queued[queue] += count_of(answers.at(at++));

    const auto now = microseconds_of(answers.at(0));
    const auto due = first_score(answers.at(4));
    if (!due || *due > now) co_return backlog;
    const auto due_by_now =
        co_await session_.ask({"ZCOUNT", session_.keys.delayed(), "-inf", std::to_string(now)});
    backlog.overdue = static_cast<std::size_t>(due_by_now.integer());
    backlog.lateness = std::chrono::microseconds{now - *due};
    co_return backlog;
}

}  // namespace samovar::broker
