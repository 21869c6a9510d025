#include "broker/foreign_restorer.hpp"

#include <utility>

#include <samovar/json.hpp>

namespace samovar::broker {
namespace {

// Of one sweep, as many as kombu's own needs seconds for beside other workers.
constexpr std::int64_t most_messages = 200;

// No label can be read, so the letter is named after the tag.
std::string unreadable_meta(const std::string& tag) {
    std::string meta = "{\"id\":";
    json::append_quoted(meta, tag);
    return meta +
           ",\"task\":null,\"queue\":\"\",\"reason\":\"a Python worker's reservation that is not "
           "[envelope, exchange, routing key]\"";
}

}  // namespace

asio::awaitable<std::size_t> ForeignRestorer::restore(std::chrono::seconds visibility_timeout) {
    const auto time = co_await session_.ask({"TIME"});
    const auto oldest = std::stoll(time.array().at(0).text()) - visibility_timeout.count();
    redis::Request request;
    request.begin(8).arg("ZRANGEBYSCORE").arg(session_.keys.unacked_index()).arg("0").arg(oldest);
    request.arg("WITHSCORES").arg("LIMIT").arg("0").arg(most_messages);
    const auto tags = read_scored_tags(co_await session_.ask(std::move(request)));
    std::size_t restored = 0;
    // Newest first, so that the oldest ends up at the consuming end.
    for (auto tag = tags.rbegin(); tag != tags.rend(); ++tag) restored += co_await restore_one(*tag);
    co_return restored;
}

asio::awaitable<std::size_t> ForeignRestorer::restore_one(ScoredTag tag) {
    auto value = co_await session_.ask({"HGET", session_.keys.unacked(), tag.tag});
    if (value.is_null()) co_return co_await move(std::move(tag), {}, {}, {}, {});
    auto reservation = std::move(value.text());
    auto foreign = read_foreign(reservation);
    if (!foreign) {
        auto meta = unreadable_meta(tag.tag);
        co_return co_await move(std::move(tag), std::move(reservation), {}, {}, std::move(meta));
    }
    auto lists = co_await lists_of(std::move(foreign->exchange), std::move(foreign->routing_key), foreign->step);
    // An exchange that nothing is bound to: kombu would drop the message, here it waits for a binding.
    if (lists.empty()) co_return 0;
    co_return co_await move(std::move(tag), std::move(reservation), std::move(lists), std::move(foreign->envelope),
                            {});
}

asio::awaitable<std::vector<std::string>> ForeignRestorer::lists_of(std::string exchange, std::string routing_key,
                                                                    int step) {
    std::vector<std::string> queues{routing_key};
    if (!exchange.empty())
        queues = bound_queues(co_await session_.ask({"SMEMBERS", session_.keys.binding(exchange)}), routing_key);
    std::vector<std::string> lists;
    for (auto& queue : queues) lists.push_back(session_.keys.list({std::move(queue), step}));
    co_return lists;
}

asio::awaitable<std::size_t> ForeignRestorer::move(ScoredTag tag, std::string reservation,
                                                   std::vector<std::string> lists, std::string envelope,
                                                   std::string dead_meta) {
    const auto& names = session_.keys;
    std::vector<std::string> keys{names.unacked(), names.unacked_index(), names.dead(), names.dead_payload()};
    keys.insert(keys.end(), lists.begin(), lists.end());
    std::vector<std::string> arguments{std::move(tag.tag), std::move(tag.score), std::move(reservation),
                                       std::move(envelope), std::move(dead_meta)};
    const auto reply =
        co_await session_.run(session_.scripts.restore_foreign, std::move(keys), std::move(arguments));
    co_return static_cast<std::size_t>(reply.integer());
}

}  // namespace samovar::broker
