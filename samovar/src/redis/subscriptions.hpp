// What a connection listens to, to be restored after a reconnect.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redis/request.hpp"

namespace samovar::redis {

/// Names of one kind: channels or patterns. Threads: one at a time.
class Subscriptions {
public:
    /// `command` subscribes to names of this kind; it must be a literal.
    explicit Subscriptions(std::string_view command) : command_(command) {}

    void remember(const std::vector<std::string>& names) { names_.insert(names.begin(), names.end()); }
    void forget(const std::vector<std::string>& names) {
        for (const auto& name : names) names_.erase(name);
    }
    std::size_t count() const { return names_.size(); }
    /// Subscribes to everything remembered. Requires: count() > 0.
    Request restore() const {
        std::vector<std::string_view> command{command_};
        command.insert(command.end(), names_.begin(), names_.end());
        return Request{}.add(std::span<const std::string_view>{command});
    }

private:
    std::string_view command_;
    std::set<std::string> names_;
};

}  // namespace samovar::redis
