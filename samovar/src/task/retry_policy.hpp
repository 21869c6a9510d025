// How long a failed task waits before it is tried again.
#pragma once

#include <chrono>

#include <samovar/options.hpp>

namespace samovar::task {

/// The pause before attempt number `retries` + 2, i.e. after `retries` retries were used. `random` is uniform over
/// [0, 1): with full jitter the pause is anything from zero to its whole.
std::chrono::milliseconds retry_pause(const RetryPolicy& policy, int retries, double random);

/// Errors: std::invalid_argument that names the field which is out of its range.
void check(const RetryPolicy& policy);

}  // namespace samovar::task
