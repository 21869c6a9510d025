#include "broker/foreign.hpp"

#include <fmt/format.h>

#include <samovar/json.hpp>

#include "broker/keys.hpp"
#include "message/envelope.hpp"

namespace samovar::broker {
namespace {

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

}  // namespace

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

}  // namespace samovar::broker
