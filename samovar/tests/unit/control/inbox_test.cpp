#include "control/inbox.hpp"

#include <gtest/gtest.h>

#include "control/lamport_clock.hpp"

namespace samovar::control {
namespace {

TEST(Inbox, GivesBackInTheOrderOfArrival) {
    Inbox inbox;
    EXPECT_TRUE(inbox.offer("a"));
    EXPECT_TRUE(inbox.offer("b"));
    EXPECT_EQ(inbox.take(), "a");
    EXPECT_EQ(inbox.take(), "b");
    EXPECT_EQ(inbox.take(), std::nullopt);
}

TEST(Inbox, BeyondItsNumberNothingIsTakenUntilThereIsRoom) {
    Inbox inbox;
    for (std::size_t i = 0; i < Inbox::most_requests; ++i) EXPECT_TRUE(inbox.offer("x"));
    EXPECT_FALSE(inbox.offer("x"));
    EXPECT_EQ(inbox.take(), "x");
    EXPECT_TRUE(inbox.offer("x"));
}

TEST(Inbox, BeyondItsBytesNothingIsTakenUntilThereIsRoom) {
    Inbox inbox;
    const std::string half(Inbox::most_bytes / 2, 'x');
    EXPECT_TRUE(inbox.offer(half));
    EXPECT_TRUE(inbox.offer(half));
    EXPECT_FALSE(inbox.offer("x"));
    EXPECT_TRUE(inbox.take());
    EXPECT_TRUE(inbox.offer("x"));
}

TEST(LamportClock, GoesBeyondWhatItHears) {
    LamportClock clock;
    EXPECT_EQ(clock.forward(), 1);
    clock.adjust(9);
    EXPECT_EQ(clock.value(), 10);
    EXPECT_EQ(clock.forward(), 11) << "as the recorded answer to a request with clock 9";
    clock.adjust(3);
    EXPECT_EQ(clock.value(), 12);
}

TEST(LamportClock, AClockAtTheEndOfTimeIsNotFollowed) {
    LamportClock clock;
    clock.adjust(INT64_MAX);
    EXPECT_EQ(clock.value(), 0);
}

}  // namespace
}  // namespace samovar::control
