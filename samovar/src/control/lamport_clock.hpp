// Celery's logical clock.
#pragma once

#include <algorithm>
#include <cstdint>

namespace samovar::control {

/// Puts what different nodes send into an order. Threads: one at a time.
class LamportClock {
public:
    std::int64_t value() const { return value_; }
    /// About to send: what the message bears.
    std::int64_t forward() { return ++value_; }
    /// A message of somebody else's came, with its clock. One that claims the end of time does not move ours
    /// there.
    void adjust(std::int64_t other) {
        if (other < last) value_ = std::max(value_, other) + 1;
    }

private:
    // Beyond it, JavaScript and a float lose count.
    static constexpr std::int64_t last = std::int64_t{1} << 53;

    std::int64_t value_ = 0;
};

}  // namespace samovar::control
