#include "control/inbox.hpp"

#include <gtest/gtest.h>

#include "control/lamport_clock.hpp"

namespace samovar::control {
namespace {

TEST(Inbox, gives_back_in_the_order_of_arrival) {
    Inbox inbox;
    EXPECT_TRUE(inbox.offer("a"));
    EXPECT_TRUE(inbox.offer("b"));
    EXPECT_EQ(inbox.take(), "a");
    EXPECT_EQ(inbox.take(), "b");
    EXPECT_EQ(inbox.take(), std::nullopt);
}

TEST(Inbox, beyond_its_number_nothing_is_taken_until_there_is_room) {
    Inbox inbox;
    for (std::size_t i = 0; i < Inbox::most_requests; ++i) EXPECT_TRUE(inbox.offer("x"));
    EXPECT_FALSE(inbox.offer("x"));
    EXPECT_EQ(inbox.take(), "x");
    EXPECT_TRUE(inbox.offer("x"));
}

TEST(Inbox, beyond_its_bytes_nothing_is_taken_until_there_is_room) {
    Inbox inbox;
    const std::string half(Inbox::most_bytes / 2, 'x');
    EXPECT_TRUE(inbox.offer(half));
    EXPECT_TRUE(inbox.offer(half));
    EXPECT_FALSE(inbox.offer("x"));
    EXPECT_TRUE(inbox.take());
    EXPECT_TRUE(inbox.offer("x"));
}

TEST(LamportClock, goes_beyond_what_it_hears) {
    LamportClock clock;
    EXPECT_EQ(clock.forward(), 1);
    clock.adjust(9);
    EXPECT_EQ(clock.value(), 10);
    EXPECT_EQ(clock.forward(), 11) << "as the recorded answer to a request with clock 9";
    clock.adjust(3);
    EXPECT_EQ(clock.value(), 12);
}

TEST(LamportClock, a_clock_at_the_end_of_time_is_not_followed) {
    LamportClock clock;
    clock.adjust(INT64_MAX);
    EXPECT_EQ(clock.value(), 0);
}

}  // namespace
}  // namespace samovar::control
