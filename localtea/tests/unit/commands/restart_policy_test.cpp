#include "commands/restart_policy.hpp"

#include <gtest/gtest.h>

namespace localtea::commands {
namespace {

using namespace std::chrono_literals;

constexpr RestartPolicy::Settings settings{.first = 200ms, .longest = 1000ms, .long_life = 30s};

TEST(RestartPolicy, short_lives_in_a_row_double_the_pause_up_to_the_longest) {
    RestartPolicy policy{settings};
    EXPECT_EQ(policy.pause_after(10ms), 200ms);
    EXPECT_EQ(policy.pause_after(10ms), 400ms);
    EXPECT_EQ(policy.pause_after(10ms), 800ms);
    EXPECT_EQ(policy.pause_after(10ms), 1000ms);
    EXPECT_EQ(policy.pause_after(10ms), 1000ms);
}

TEST(RestartPolicy, a_long_life_starts_over) {
    RestartPolicy policy{settings};
    policy.pause_after(0ms);
    policy.pause_after(0ms);
    EXPECT_EQ(policy.pause_after(29'999ms), 800ms);
    EXPECT_EQ(policy.pause_after(30s), 200ms);
    EXPECT_EQ(policy.pause_after(0ms), 400ms);
}

}  // namespace
}  // namespace localtea::commands
