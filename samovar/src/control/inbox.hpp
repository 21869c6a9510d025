// Requests that wait to be looked at. No I/O.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace samovar::control {

/// A flood of requests costs this much memory and no more. Threads: one at a time.
class Inbox {
public:
    static constexpr std::size_t most_requests = 100;
    static constexpr std::size_t most_bytes = std::size_t{2} << 20;

    /// False: there is no room, it is dropped.
    bool offer(std::string request) {
        if (requests_.size() >= most_requests || bytes_ + request.size() > most_bytes) return false;
        bytes_ += request.size();
        requests_.push_back(std::move(request));
        return true;
    }

    /// The one that came first.
    std::optional<std::string> take() {
        if (requests_.empty()) return std::nullopt;
        std::string request = std::move(requests_.front());
        requests_.pop_front();
        bytes_ -= request.size();
        return request;
    }

private:
    std::deque<std::string> requests_;
    std::size_t bytes_ = 0;
};

}  // namespace samovar::control
