#include "worker/completer.hpp"

#include <gtest/gtest.h>

namespace samovar::worker {
namespace {

using namespace std::chrono_literals;

TEST(RoomForKombu, none_while_python_holds_nothing) { EXPECT_EQ(room_for_kombu({.workers = 3, .held = 5}), 0ms); }

TEST(RoomForKombu, grows_with_the_number_of_workers_that_touch_the_store) {
    EXPECT_EQ(room_for_kombu({.workers = 1, .held_by_python = 1}), 1ms);
    EXPECT_EQ(room_for_kombu({.workers = 4, .held_by_python = 200}), 4ms);
}

TEST(RoomForKombu, is_bounded) { EXPECT_EQ(room_for_kombu({.workers = 1'000, .held_by_python = 1}), 20ms); }

}  // namespace
}  // namespace samovar::worker
