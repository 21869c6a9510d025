#include "worker/demand.hpp"

#include <gtest/gtest.h>

#include "broker/broker.hpp"

namespace samovar::worker {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime start{1h};

TEST(Demand, asks_for_the_free_slots_when_nothing_is_known_about_the_pace) {
    const Demand demand{4};
    EXPECT_EQ(demand.want(0, 0, start), 4U);
    EXPECT_EQ(demand.want(3, 0, start), 1U);
    EXPECT_EQ(demand.want(1, 1, start), 2U);
}

TEST(Demand, asks_for_nothing_while_every_slot_is_busy_with_long_tasks) {
    const Demand demand{4};
    EXPECT_EQ(demand.want(4, 0, start), 0U);
}

TEST(Demand, asks_ahead_for_what_starts_within_the_horizon) {
    Demand demand{2};
    auto now = start;
    for (int i = 0; i < 1'000; ++i) demand.finished(1, now += 1ms);
    const auto want = demand.want(2, 0, now);
    // A thousand a second: about a hundred in the horizon of 100 ms.
    EXPECT_GT(want, 80U);
    EXPECT_LT(want, 120U);
}

TEST(Demand, waits_for_half_a_batch_while_there_is_work_left_to_start) {
    Demand demand{2};
    auto now = start;
    for (int i = 0; i < 1'000; ++i) demand.finished(1, now += 1ms);
    EXPECT_EQ(demand.want(2, 90, now), 0U);
    EXPECT_GT(demand.want(2, 20, now), 50U);
}

TEST(Demand, never_asks_for_more_than_one_call_handles) {
    Demand demand{64};
    auto now = start;
    for (int i = 0; i < 1'000; ++i) demand.finished(100, now += 1ms);
    EXPECT_EQ(demand.want(0, 0, now), broker::most_per_call);
}

TEST(Demand, forgets_a_pace_that_is_over) {
    Demand demand{2};
    auto now = start;
    for (int i = 0; i < 1'000; ++i) demand.finished(1, now += 1ms);
    EXPECT_EQ(demand.want(2, 0, now + 5s), 0U);
}

}  // namespace
}  // namespace samovar::worker
