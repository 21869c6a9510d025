#include "core/store_clock.hpp"

#include <gtest/gtest.h>
#include <samovar/testing/manual_clock.hpp>

namespace samovar {
namespace {

using namespace std::chrono_literals;

class StoreClockTest : public ::testing::Test {
protected:
    testing::ManualClock local;
    StoreClock clock{local};
};

TEST_F(StoreClockTest, is_the_local_calendar_until_the_store_has_told_its_own) {
    EXPECT_EQ(clock.now(), local.now());
    local.step_wall(1h);
    EXPECT_EQ(clock.now(), local.now());
}

TEST_F(StoreClockTest, takes_the_middle_of_the_question_for_the_moment_of_the_answer) {
    const auto store = local.now() + 5min;
    const auto sent = local.steady();
    local.advance(200ms);
    clock.synchronise(sent, local.steady(), store);
    EXPECT_EQ(clock.now(), store + 100ms);
}

TEST_F(StoreClockTest, is_not_moved_by_a_step_of_the_local_calendar) {
    const auto store = local.now() - 3s;
    clock.synchronise(local.steady(), local.steady(), store);
    for (const auto step : {24h, -48h}) {
        local.step_wall(step);
        EXPECT_EQ(clock.now(), store);
    }
    local.advance(2s);
    EXPECT_EQ(clock.now(), store + 2s);
}

}  // namespace
}  // namespace samovar
