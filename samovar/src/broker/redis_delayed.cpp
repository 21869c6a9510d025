#include "broker/redis_delayed.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "broker/script_replies.hpp"

namespace samovar::broker {
namespace {

// Members that one step of a search looks at.
constexpr auto search_step = "1000";

// Members of a task are its id, a colon and a UUID.
constexpr std::size_t behind_the_id = 37;

// What has a meaning in a pattern is escaped.
std::string members_of(const std::string& task_id) {
    std::string pattern;
    for (const char c : task_id) {
        if (std::string_view{"*?[]\\"}.find(c) != std::string_view::npos) pattern += '\\';
        pattern += c;
    }
    return pattern + ":*";
}

}  // namespace

asio::awaitable<DelayedPage> RedisDelayed::page(std::size_t rank, std::size_t count) {
    std::vector<std::string> keys{session_.keys.delayed(), session_.keys.delayed_payload()};
    std::vector<std::string> arguments{std::to_string(rank), std::to_string(std::min(count, most_per_call)),
                                       std::to_string(most_bytes_per_call)};
    auto reply = co_await session_.run(session_.scripts.delayed_list, std::move(keys), std::move(arguments));
    DelayedPage page;
    if (const auto looked_at = read_delayed(std::move(reply), session_.keys, page.messages); looked_at > 0)
        page.next = rank + looked_at;
    co_return page;
}

asio::awaitable<std::vector<DelayedMessage>> RedisDelayed::find(std::string task_id) {
    std::vector<DelayedMessage> found;
    std::string cursor = "0";
    do {
        redis::Request scan{"ZSCAN",    session_.keys.delayed(), cursor, "MATCH", members_of(task_id), "COUNT",
                            search_step};
        const auto reply = co_await session_.ask(std::move(scan));
        const auto& parts = reply.array();
        cursor = parts.at(0).text();
        const auto& pairs = parts.at(1).array();
        for (std::size_t i = 0; i < pairs.size(); i += 2) {
            const auto& member = pairs[i].text();
            if (member.size() != task_id.size() + behind_the_id) continue;
            if (auto message = co_await read(member)) found.push_back(*std::move(message));
        }
    } while (cursor != "0");
    co_return found;
}

asio::awaitable<std::optional<DelayedMessage>> RedisDelayed::read(std::string member) {
    const auto rank = co_await session_.ask({"ZRANK", session_.keys.delayed(), member});
    if (rank.is_null()) co_return std::nullopt;
    // A neighbour may have taken the rank meanwhile: then it is looked for on the page.
    auto around = co_await page(static_cast<std::size_t>(rank.integer()), most_per_call);
    for (auto& message : around.messages)
        if (message.member == member) co_return std::move(message);
    co_return std::nullopt;
}

asio::awaitable<bool> RedisDelayed::cancel(Cancellation cancelled) {
    return take("cancel", std::move(cancelled), {});
}

asio::awaitable<bool> RedisDelayed::run_now(std::string member, std::string envelope) {
    return take("run", {.member = std::move(member)}, std::move(envelope));
}

asio::awaitable<bool> RedisDelayed::take(std::string mode, Cancellation what, std::string envelope) {
    const bool writes = what.result && results_.database >= 0;
    std::vector<std::string> keys{session_.keys.delayed(), session_.keys.delayed_payload()};
    std::vector<std::string> arguments{std::move(what.member),
                                       std::move(mode),
                                       std::to_string(database_),
                                       std::to_string(results_.database),
                                       writes ? result_key(results_.prefix, what.result->task_id) : "",
                                       writes ? std::move(what.result->document) : "",
                                       std::to_string(results_.expires.count()),
                                       what.claim.empty() ? "" : session_.keys.unique(what.claim),
                                       std::move(what.task_id),
                                       std::move(envelope)};
    const auto reply = co_await session_.run(session_.scripts.delayed_take, std::move(keys), std::move(arguments));
    co_return reply.integer() == 1;
}

}  // namespace samovar::broker
