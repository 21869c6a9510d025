#include "broker/redis_dead_letters.hpp"

#include <algorithm>
#include <utility>

#include "broker/script_arguments.hpp"
#include "broker/script_replies.hpp"

namespace samovar::broker {
namespace {

// Of one script: it reads whole letters to return their first lines.
constexpr auto most_listed_bytes = "8388608";

}  // namespace

asio::awaitable<std::vector<DeadLetter>> RedisDeadLetters::list(std::size_t offset, std::size_t count) {
    std::vector<DeadLetter> letters;
    const auto end = offset + std::min(count, SIZE_MAX - offset);
    while (offset < end) {
        std::vector<std::string> keys{session_.keys.dead(), session_.keys.dead_payload()};
        std::vector<std::string> arguments{
            std::to_string(offset), std::to_string(std::min(end - offset, most_per_call)), most_listed_bytes};
        const auto reply =
            co_await session_.run(session_.scripts.dead_list, std::move(keys), std::move(arguments));
        const auto looked_at = read_dead_letters(reply, letters);
        if (looked_at == 0) break;
        offset += looked_at;
    }
    co_return letters;
}

asio::awaitable<std::optional<std::string>> RedisDeadLetters::envelope(std::string member) {
    const auto content = co_await session_.ask({"HGET", session_.keys.dead_payload(), member});
    if (content.is_null()) co_return std::nullopt;
    co_return dead_envelope_of(content.text());
}

asio::awaitable<bool> RedisDeadLetters::retry(std::string member, Route to) {
    std::vector<std::string> keys{session_.keys.dead(), session_.keys.dead_payload(), session_.keys.list(to),
                                  session_.keys.suspects()};
    std::vector<std::string> arguments{std::move(member)};
    const auto reply = co_await session_.run(session_.scripts.dead_retry, std::move(keys), std::move(arguments));
    co_return reply.integer() == 1;
}

asio::awaitable<std::size_t> RedisDeadLetters::drop(std::vector<std::string> members) {
    members.insert(members.begin(), "members");
    return run_drop(std::move(members));
}

asio::awaitable<std::size_t> RedisDeadLetters::expire(WallTime before) {
    return run_drop({"older", microseconds_text(before), std::to_string(most_per_call)});
}

asio::awaitable<std::size_t> RedisDeadLetters::run_drop(std::vector<std::string> arguments) {
    std::vector<std::string> keys{session_.keys.dead(), session_.keys.dead_payload()};
    const auto reply = co_await session_.run(session_.scripts.dead_drop, std::move(keys), std::move(arguments));
    co_return static_cast<std::size_t>(reply.integer());
}

}  // namespace samovar::broker
