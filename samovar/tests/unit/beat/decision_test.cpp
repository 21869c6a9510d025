// What to do about an entry: every slot while some beat runs, one or none for the time without.
#include "beat/decision.hpp"

#include <gtest/gtest.h>

namespace samovar::beat {
namespace {

using namespace std::chrono_literals;
using Kind = Decision::Kind;

const WallTime noon = std::chrono::sys_days{std::chrono::year{2024} / 1 / 2} + 12h;

class Deciding : public ::testing::Test {
protected:
    Decision decide_at(WallTime now, WallTime due, WallTime watched_since) const {
        return decide(schedule, options, due, now, watched_since);
    }

    Schedule schedule = every(10s);
    BeatOptions options;
};

TEST_F(Deciding, waits_for_a_slot_to_come) { EXPECT_EQ(decide_at(noon - 1us, noon, noon - 1h).kind, Kind::wait); }

TEST_F(Deciding, sends_a_slot_that_has_come) {
    const auto decision = decide_at(noon, noon, noon - 1h);
    EXPECT_EQ(decision.kind, Kind::fire);
    EXPECT_EQ(decision.slot, noon);
    EXPECT_EQ(decision.next, noon + 10s);
}

TEST_F(Deciding, sends_every_slot_that_some_beat_saw_come_however_late) {
    options.catch_up = 0ms;
    auto due = noon;
    for (int i = 0; i < 5; ++i) {
        const auto decision = decide_at(noon + 45s, due, noon);
        EXPECT_EQ(decision.kind, Kind::fire);
        EXPECT_EQ(decision.slot, noon + i * 10s);
        due = decision.next;
    }
    EXPECT_EQ(decide_at(noon + 45s, due, noon).kind, Kind::wait);
}

TEST_F(Deciding, sends_one_of_those_that_nobody_saw_come) {
    const auto decision = decide_at(noon + 1h + 1s, noon, noon + 1h);
    EXPECT_EQ(decision.kind, Kind::fire);
    EXPECT_EQ(decision.slot, noon);
    EXPECT_EQ(decision.next, noon + 1h) << "a slot at the very start of the watch is not missed";
}

TEST_F(Deciding, sends_none_when_the_entry_wants_none) {
    options.catch_up = 0ms;
    const auto decision = decide_at(noon + 1h + 1s, noon, noon + 1h + 1s);
    EXPECT_EQ(decision.kind, Kind::pass);
    EXPECT_EQ(decision.next, noon + 1h + 10s);
}

// As Celery's beat_cron_starting_deadline: the captured cases of 04:00 seen at 04:10 and at 04:04.
TEST_F(Deciding, sends_one_only_if_the_last_missed_is_recent_enough) {
    schedule = crontab("0 4 * * *");
    options.catch_up = 300s;
    const auto four = noon - 8h;
    EXPECT_EQ(decide_at(four + 10min, four, four + 10min).kind, Kind::pass);
    EXPECT_EQ(decide_at(four + 10min, four, four + 10min).next, four + 24h);
    EXPECT_EQ(decide_at(four + 4min, four, four + 4min).kind, Kind::fire);
    EXPECT_EQ(decide_at(four + 72h + 4min, four, four + 72h + 4min).slot, four + 72h);
    EXPECT_EQ(decide_at(four + 72h + 6min, four, four + 72h + 6min).kind, Kind::pass);
}

}  // namespace
}  // namespace samovar::beat
