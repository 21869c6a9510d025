#include "broker/foreign_restorer.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <samovar/json.hpp>

#include "broker/keys.hpp"
#include "message/envelope.hpp"

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

struct ForeignMessage {
    /// Empty: the routing key is the queue's name.
    std::string exchange;
    std::string routing_key;
    /// Of the queue's lists.
    int step = 0;
    /// As it was, with kombu's two marks that it is handed out again, where it has places for them.
    std::string envelope;
};

std::string score_text(const redis::Reply& reply) { return fmt::format("{}", reply.number()); }

const std::string* text_of(const Value& value) { return value.if_string(); }

int step_of(const Object& envelope) {
    const auto* properties = envelope.find("properties");
    const auto* priority = properties ? properties->find("priority") : nullptr;
    const auto* number = priority ? priority->if_int() : nullptr;
    return message::priority_step(number ? *number : 0);
}

Object* member_object(Object& object, std::string_view name) {
    auto* member = object.find(name);
    return member ? member->if_object() : nullptr;
}

// kombu sets the second mark only where it could set the first.
void mark_redelivered(Object& envelope) {
    auto* headers = member_object(envelope, "headers");
    if (!headers) return;
    headers->set("redelivered", true);
    auto* properties = member_object(envelope, "properties");
    auto* delivery = properties ? member_object(*properties, "delivery_info") : nullptr;
    if (delivery) delivery->set("redelivered", true);
}

/// Reads ZRANGEBYSCORE ... WITHSCORES: pairs in RESP3, a flat list in RESP2.
std::vector<ScoredTag> read_scored_tags(const redis::Reply& reply) {
    std::vector<ScoredTag> tags;
    const auto& parts = reply.array();
    const bool pairs = !parts.empty() && parts.front().is_array();
    for (std::size_t i = 0; i < parts.size(); i += pairs ? 1 : 2) {
        const auto& tag = pairs ? parts[i].array().at(0) : parts[i];
        const auto& score = pairs ? parts[i].array().at(1) : parts.at(i + 1);
        tags.push_back({tag.text(), score_text(score)});
    }
    return tags;
}

/// Reads kombu's [envelope, exchange, routing key]; nullopt when it is not that: kombu's sweep stumbles over it,
/// and over it again with every further one.
std::optional<ForeignMessage> read_foreign(std::string_view reservation) {
    Value value;
    try {
        value = json::parse(reservation, {.size = reservation.size()});
    } catch (const json::ParseError&) {
        return std::nullopt;
    }
    auto* parts = value.if_array();
    if (!parts || parts->size() != 3) return std::nullopt;
    auto* envelope = (*parts)[0].if_object();
    const auto* exchange = text_of((*parts)[1]);
    const auto* routing_key = text_of((*parts)[2]);
    if (!envelope || !exchange || !routing_key || routing_key->empty()) return std::nullopt;
    ForeignMessage message{*exchange, *routing_key, step_of(*envelope), {}};
    mark_redelivered(*envelope);
    message.envelope = json::dump(Value{std::move(*envelope)});
    return message;
}

/// The queues of a named exchange that get a message: of the members of its binding set, those with that routing
/// key. kombu takes an exchange that it did not declare for a direct one, too.
std::vector<std::string> bound_queues(const redis::Reply& members, std::string_view routing_key) {
    constexpr auto separator = Keys::separator;
    std::vector<std::string> queues;
    for (const auto& member : members.array()) {
        const std::string_view text = member.text();
        const auto key_end = text.find(separator);
        const auto queue = text.rfind(separator);
        if (queue != std::string_view::npos && key_end != queue && text.substr(0, key_end) == routing_key)
            queues.emplace_back(text.substr(queue + separator.size()));
    }
    return queues;
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
