#include "task/retry_policy.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace samovar::task {
namespace {

using namespace std::chrono_literals;

TEST(RetryPolicy, doubles_the_pause_up_to_its_bound) {
    const RetryPolicy policy{.max = 10, .backoff = 1s, .backoff_max = 5s};
    EXPECT_EQ(retry_pause(policy, 0, 0.9), 1s);
    EXPECT_EQ(retry_pause(policy, 1, 0.9), 2s);
    EXPECT_EQ(retry_pause(policy, 2, 0.9), 4s);
    EXPECT_EQ(retry_pause(policy, 3, 0.9), 5s);
    EXPECT_EQ(retry_pause(policy, 1'000'000, 0.9), 5s);
}

TEST(RetryPolicy, waits_the_same_each_time_without_backoff) {
    const RetryPolicy policy{.max = 3, .countdown = 7s};
    EXPECT_EQ(retry_pause(policy, 0, 0.5), 7s);
    EXPECT_EQ(retry_pause(policy, 2, 0.5), 7s);
}

TEST(RetryPolicy, waits_anything_from_nothing_to_all_with_full_jitter) {
    const RetryPolicy policy{.max = 3, .backoff = 8s, .jitter = 1};
    EXPECT_EQ(retry_pause(policy, 0, 0.0), 0s);
    EXPECT_EQ(retry_pause(policy, 0, 0.5), 4s);
}

TEST(RetryPolicy, keeps_the_fixed_share_with_half_jitter) {
    const RetryPolicy policy{.max = 3, .backoff = 8s, .jitter = 0.5};
    EXPECT_EQ(retry_pause(policy, 0, 0.0), 4s);
    EXPECT_EQ(retry_pause(policy, 0, 0.5), 6s);
}

TEST(RetryPolicy, refuses_values_outside_their_range) {
    EXPECT_THROW(check({.max = -1}), std::invalid_argument);
    EXPECT_THROW(check({.backoff = -1s}), std::invalid_argument);
    EXPECT_THROW(check({.jitter = 1.5}), std::invalid_argument);
    EXPECT_THROW(check({.jitter = std::numeric_limits<double>::quiet_NaN()}), std::invalid_argument);
    EXPECT_NO_THROW(check({.max = 5, .backoff = 1s, .jitter = true}));
}

}  // namespace
}  // namespace samovar::task
