#include "broker/foreign.hpp"

#include <fmt/format.h>

#include <samovar/json.hpp>

#include "message/envelope.hpp"

namespace samovar::broker {
namespace {

std::string score_text(const redis::Reply& reply) { return fmt::format("{}", reply.number()); }

std::string text_of(const Value* value) {
    const auto* text = value ? value->if_string() : nullptr;
    return text ? *text : std::string{};
}

int step_of(const Value& properties) {
    const auto* priority = properties.find("priority");
    const auto* number = priority ? priority->if_int() : nullptr;
    return message::priority_step(number ? *number : 0);
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
        value = json::parse(reservation);
    } catch (const json::ParseError&) {
        return std::nullopt;
    }
    auto* parts = value.if_array();
    if (!parts || parts->size() != 3) return std::nullopt;
    auto* envelope = (*parts)[0].if_object();
    auto* headers = envelope ? envelope->find("headers") : nullptr;
    auto* properties = envelope ? envelope->find("properties") : nullptr;
    const auto queue = text_of(&(*parts)[2]);
    if (!headers || !headers->if_object() || !properties || !properties->if_object() || queue.empty())
        return std::nullopt;

    ForeignMessage message{.route = {queue, step_of(*properties)}, .envelope = {}};
    headers->if_object()->set("redelivered", true);
    auto* delivery = properties->if_object()->find("delivery_info");
    if (delivery && delivery->if_object()) delivery->if_object()->set("redelivered", true);
    message.envelope = json::dump(Value{std::move(*envelope)});
    return message;
}

}  // namespace samovar::broker
