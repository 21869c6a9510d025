// How long to wait before a store is asked again that could not be reached, or said no.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/backoff.hpp"
#include "base/random.hpp"
#include "redis/error.hpp"

namespace samovar::worker {

/// Between two tries at a store that does not answer.
inline constexpr std::chrono::milliseconds between_tries{200};

/// A call that cannot reach the store has waited already, and goes on at once when it is there. A refusal comes at
/// once, again and again, so the pauses after it grow. Threads: one at a time.
class RefusalPause {
public:
    explicit RefusalPause(std::chrono::milliseconds shortest)
        : shortest_(shortest), backoff_({.initial = shortest, .max = longest}, random_unit) {}

    std::chrono::milliseconds after(const redis::Error& error) {
        return redis::is_refusal(error) ? std::max(shortest_, backoff_.next()) : shortest_;
    }
    /// It has answered.
    void reset() { backoff_.reset(); }

private:
    static constexpr std::chrono::milliseconds longest{10'000};

    const std::chrono::milliseconds shortest_;
    Backoff backoff_;
};

}  // namespace samovar::worker
