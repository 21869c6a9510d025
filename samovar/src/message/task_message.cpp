#include "message/task_message.hpp"

#include <algorithm>

namespace samovar::message {

std::string claimed_key(const TaskMessage& message) {
    const auto* header = message.extra_headers.find(unique_header);
    const auto* key = header ? header->if_string() : nullptr;
    return key ? *key : std::string{};
}

std::optional<WallTime> next_due(const TaskMessage& message) {
    if (!message.eta || !message.expires) return message.eta;
    return std::min(*message.eta, *message.expires);
}

}  // namespace samovar::message
