// Only what memory alone has to hold: its bound. The strategies are tested on both stores.
#include "limit/memory_store.hpp"

#include <gtest/gtest.h>
#include <samovar/testing/manual_clock.hpp>

namespace samovar::limits {
namespace {

using namespace std::chrono_literals;

Counter counter(std::string key, std::chrono::seconds window, std::int64_t amount = 3) {
    return {.key = std::move(key), .amount = amount, .window = window};
}

class MemoryStoreTest : public ::testing::Test {
protected:
    bool hit(const Counter& one) { return store.check({one}, Mode::in_order).allowed(); }
    std::int64_t remaining(const Counter& one) { return store.check({one}, Mode::test).windows.at(0).remaining; }

    testing::ManualClock clock;
    MemoryStore store{Strategy::moving_window, clock, 20};
};

TEST_F(MemoryStoreTest, keeps_within_its_bound_whatever_comes) {
    for (int i = 0; i < 1000; ++i) {
        hit(counter("k" + std::to_string(i), 60s));
        ASSERT_LE(store.size(), 20U);
    }
}

TEST_F(MemoryStoreTest, drops_first_what_ends_first) {
    hit(counter("long", 1h));
    for (int i = 0; i < 100; ++i) hit(counter("k" + std::to_string(i), 60s)), clock.advance(1ms);
    EXPECT_EQ(remaining(counter("long", 1h)), 2);
    EXPECT_EQ(remaining(counter("k99", 60s)), 2);
    EXPECT_EQ(remaining(counter("k0", 60s)), 3) << "forgotten";
}

TEST_F(MemoryStoreTest, entries_of_a_moving_window_take_room) {
    const auto busy = counter("busy", 60s, 1000);
    for (int i = 0; i < 10; ++i) hit(busy), clock.advance(1ms);
    EXPECT_EQ(store.size(), 11U);
}

TEST_F(MemoryStoreTest, what_has_ended_takes_no_room) {
    hit(counter("a", 60s));
    clock.advance(61s);
    hit(counter("b", 60s));
    EXPECT_EQ(store.size(), 2U) << "a counter and its one entry";
}

TEST_F(MemoryStoreTest, looking_keeps_nothing) {
    EXPECT_EQ(remaining(counter("a", 60s)), 3);
    EXPECT_EQ(store.size(), 0U);
}

}  // namespace
}  // namespace samovar::limits
