#include "base/backoff.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace samovar {

std::chrono::milliseconds backoff_delay(const BackoffPolicy& policy, unsigned attempt, double random) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    const double initial = Milliseconds{std::max(policy.initial, std::chrono::milliseconds{0})}.count();
    const double max = Milliseconds{std::max(policy.max, std::chrono::milliseconds{0})}.count();
    // pow() overflows to infinity after some thousand attempts, and zero times infinity is not a number.
    const double grown = initial == 0.0 ? 0.0 : initial * std::pow(std::max(policy.factor, 1.0), attempt);
    const double full = std::min(grown, max);
    const double jitter = std::clamp(policy.jitter, 0.0, 1.0);
    const double chosen = full * (1.0 - jitter) + full * jitter * std::clamp(random, 0.0, 1.0);
    return std::chrono::milliseconds{std::llround(chosen)};
}

Backoff::Backoff(BackoffPolicy policy, RandomUnit random) : policy_(policy), random_(std::move(random)) {}

std::chrono::milliseconds Backoff::next() {
    const auto delay = backoff_delay(policy_, attempt_, random_());
    ++attempt_;
    return delay;
}

}  // namespace samovar
