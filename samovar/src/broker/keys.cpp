#include "broker/keys.hpp"

#include <charconv>

#include <fmt/format.h>

namespace samovar::broker {
Keys::Keys(std::string prefix, int database)
    : prefix_(std::move(prefix)),
      database_(database),
      wake_channel_(fmt::format("{}samovar:wake:{}", prefix_, database)),
      handover_channel_(fmt::format("{}samovar:handover:{}", prefix_, database)) {}

std::string Keys::list(const Route& route) const {
    if (route.step == 0) return prefix_ + route.queue;
    return fmt::format("{}{}{}{}", prefix_, route.queue, separator, route.step);
}

Route Keys::route(std::string_view list) const {
    list.remove_prefix(std::min(prefix_.size(), list.size()));
    const auto cut = list.rfind(separator);
    if (cut == std::string_view::npos) return {std::string{list}, 0};
    const auto digits = list.substr(cut + separator.size());
    int step = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), step);
    return {std::string{list.substr(0, cut)}, step};
}

std::string Keys::binding(std::string_view queue) const {
    return fmt::format("{}_kombu.binding.{}", prefix_, queue);
}

std::string Keys::binding_member(std::string_view queue) { return fmt::format("{0}{1}{1}{0}", queue, separator); }

std::string Keys::reply_queue(std::string_view exchange, std::string_view routing_key) {
    return fmt::format("{}.{}", routing_key, exchange);
}

std::string Keys::reply_member(std::string_view exchange, std::string_view routing_key) {
    return fmt::format("{0}{1}{1}{2}", routing_key, separator, reply_queue(exchange, routing_key));
}

std::string Keys::control_channel() const { return fmt::format("{}/{}.celery.pidbox", prefix_, database_); }

std::string Keys::lease(std::string_view incarnation) const {
    return fmt::format("{}samovar:worker:{}", prefix_, incarnation);
}

std::string Keys::held(std::string_view incarnation) const {
    return fmt::format("{}samovar:held:{}", prefix_, incarnation);
}

std::string Keys::marks(std::string_view incarnation) const {
    return fmt::format("{}samovar:marks:{}", prefix_, incarnation);
}

std::string Keys::aside(std::string_view incarnation) const {
    return fmt::format("{}samovar:aside:{}", prefix_, incarnation);
}

std::string Keys::blamed(std::string_view incarnation) const {
    return fmt::format("{}samovar:blamed:{}", prefix_, incarnation);
}

std::string Keys::look(std::string_view who_looks) const {
    return fmt::format("{}samovar:look:{}", prefix_, who_looks);
}

std::string Keys::sent(std::string_view id) const { return fmt::format("{}samovar:sent:{}", prefix_, id); }

std::string Keys::unique(std::string_view key) const { return fmt::format("{}samovar:unique:{}", prefix_, key); }

std::string Keys::limit(std::string_view name) const { return fmt::format("{}samovar:{}", prefix_, name); }

}  // namespace samovar::broker
