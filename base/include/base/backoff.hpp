// How long to wait before the next attempt.
#pragma once

#include <chrono>

#include "base/random.hpp"

namespace samovar {

/// Delays that grow from attempt to attempt, partly random so that many clients do not return together.
struct BackoffPolicy {
    /// Delay before the first repetition. Zero or less: no delay at all.
    std::chrono::milliseconds initial{1'000};
    /// No delay exceeds this.
    std::chrono::milliseconds max{600'000};
    /// Each delay is this many times the one before. Values below 1 count as 1.
    double factor = 2.0;
    /// The random share of each delay: 0 none, 0.5 the upper half, 1 all of it (from zero to the full delay).
    double jitter = 0.5;
};

/// The delay before repetition number `attempt` (0 is the first), with `random` from [0, 1).
std::chrono::milliseconds backoff_delay(const BackoffPolicy& policy, unsigned attempt, double random);

/// A policy with its counter. Threads: one at a time.
class Backoff {
public:
    Backoff(BackoffPolicy policy, RandomUnit random);

    /// The delay before the next attempt; the one after will be longer.
    std::chrono::milliseconds next();
    /// Starts again from the initial delay.
    void reset() { attempt_ = 0; }

private:
    BackoffPolicy policy_;
    RandomUnit random_;
    unsigned attempt_ = 0;
};

}  // namespace samovar
