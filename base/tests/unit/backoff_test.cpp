#include "base/backoff.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace samovar {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, grows_by_its_factor_up_to_the_maximum) {
    const BackoffPolicy policy{.initial = 100ms, .max = 1s, .factor = 3, .jitter = 0};
    EXPECT_EQ(backoff_delay(policy, 0, 0.7), 100ms);
    EXPECT_EQ(backoff_delay(policy, 1, 0.7), 300ms);
    EXPECT_EQ(backoff_delay(policy, 2, 0.7), 900ms);
    EXPECT_EQ(backoff_delay(policy, 3, 0.7), 1s);
    EXPECT_EQ(backoff_delay(policy, std::numeric_limits<unsigned>::max(), 0.7), 1s);
}

TEST(Backoff, half_a_jitter_spreads_over_the_upper_half) {
    const BackoffPolicy policy{.initial = 100ms, .max = 1s, .jitter = 0.5};
    EXPECT_EQ(backoff_delay(policy, 0, 0.0), 50ms);
    EXPECT_EQ(backoff_delay(policy, 0, 0.5), 75ms);
    EXPECT_EQ(backoff_delay(policy, 0, 1.0), 100ms);
}

TEST(Backoff, a_full_jitter_spreads_from_zero) {
    const BackoffPolicy policy{.initial = 100ms, .max = 1s, .jitter = 1};
    EXPECT_EQ(backoff_delay(policy, 0, 0.0), 0ms);
    EXPECT_EQ(backoff_delay(policy, 1, 0.5), 100ms);
}

TEST(Backoff, nonsense_stays_within_bounds) {
    EXPECT_EQ(backoff_delay({.initial = 0ms, .max = 1s}, 5'000, 1), 0ms);
    EXPECT_EQ(backoff_delay({.initial = -5ms, .max = 1s}, 1, 1), 0ms);
    EXPECT_EQ(backoff_delay({.initial = 5s, .max = 1s}, 0, 1), 1s);
    EXPECT_EQ(backoff_delay({.initial = 1s, .max = 1min, .factor = 0.1}, 3, 1), 1s);
    EXPECT_EQ(backoff_delay({.initial = 1s, .max = 1min, .jitter = 7}, 0, 2), 1s);
}

TEST(Backoff, counts_its_attempts_until_reset) {
    Backoff backoff{{.initial = 10ms, .max = 1s, .jitter = 1}, [] { return 0.5; }};
    EXPECT_EQ(backoff.next(), 5ms);
    EXPECT_EQ(backoff.next(), 10ms);
    EXPECT_EQ(backoff.next(), 20ms);
    backoff.reset();
    EXPECT_EQ(backoff.next(), 5ms);
}

}  // namespace
}  // namespace samovar
