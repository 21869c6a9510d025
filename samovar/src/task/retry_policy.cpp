#include "task/retry_policy.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/backoff.hpp"

namespace samovar::task {

std::chrono::milliseconds retry_pause(const RetryPolicy& policy, int retries, double random) {
    const bool grows = policy.backoff.count() > 0;
    const BackoffPolicy pauses{
        .initial = grows ? policy.backoff : policy.countdown,
        .max = grows ? policy.backoff_max : policy.countdown,
        .factor = grows ? 2.0 : 1.0,
        .jitter = policy.jitter,
    };
    return backoff_delay(pauses, static_cast<unsigned>(std::max(retries, 0)), random);
}

void check(const RetryPolicy& policy) {
    if (policy.max < 0) throw std::invalid_argument("retry.max has to be 0 or more");
    if (policy.backoff.count() < 0) throw std::invalid_argument("retry.backoff has to be 0 or more");
    if (policy.backoff_max.count() < 0) throw std::invalid_argument("retry.backoff_max has to be 0 or more");
    if (policy.countdown.count() < 0) throw std::invalid_argument("retry.countdown has to be 0 or more");
    // Not the opposite comparisons: they are false of what is no number.
    const bool within = policy.jitter >= 0 && policy.jitter <= 1;
    if (!within) throw std::invalid_argument("retry.jitter has to be from 0 to 1");
}

}  // namespace samovar::task
