#include "worker/watchdog.hpp"

#include <gtest/gtest.h>
#include <samovar/testing/manual_clock.hpp>

namespace samovar::worker {
namespace {

using namespace std::chrono_literals;

class WatchdogTest : public ::testing::Test {
protected:
    samovar::testing::ManualClock clock;
    Watchdog watchdog{clock};
};

TEST_F(WatchdogTest, barks_when_there_is_room_and_no_answer_for_its_patience) {
    EXPECT_FALSE(watchdog.stuck(true, 1));
    clock.advance(9s);
    EXPECT_FALSE(watchdog.stuck(true, 1));
    clock.advance(1s);
    EXPECT_TRUE(watchdog.stuck(true, 1));
}

TEST_F(WatchdogTest, counts_anew_after_it_barked) {
    watchdog.stuck(true, 1);
    clock.advance(10s);
    EXPECT_TRUE(watchdog.stuck(true, 1));
    EXPECT_FALSE(watchdog.stuck(true, 1));
}

TEST_F(WatchdogTest, is_content_with_any_answer) {
    for (std::uint64_t answered = 1; answered < 5; ++answered) {
        clock.advance(9s);
        EXPECT_FALSE(watchdog.stuck(true, answered));
    }
}

TEST_F(WatchdogTest, is_silent_while_every_slot_is_busy) {
    clock.advance(1h);
    EXPECT_FALSE(watchdog.stuck(false, 0));
    clock.advance(9s);
    EXPECT_FALSE(watchdog.stuck(true, 0));
}

}  // namespace
}  // namespace samovar::worker
