// Which entry comes next, and that one that cannot be read stands in nobody's way.
#include "beat/agenda.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace samovar::beat {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const WallTime noon = std::chrono::sys_days{std::chrono::year{2024} / 1 / 2} + 12h;

StoredEntry stored(const std::string& name, const std::string& schedule, std::optional<WallTime> due = {}) {
    return {.definition = {name, R"({"task":"t","schedule":")" + schedule + "\"}"}, .due = due, .last = {}};
}

class AgendaOf : public ::testing::Test {
protected:
    std::vector<FirstSlot> take(std::vector<StoredEntry> entries) {
        return agenda.replace({.entries = std::move(entries), .store_time = noon});
    }
    std::string next_name() const { return agenda.next()->second; }

    Agenda agenda;
};

TEST_F(AgendaOf, nothing_has_no_next) {
    take({});
    EXPECT_FALSE(agenda.next());
}

TEST_F(AgendaOf, stored_slots_go_by_their_time) {
    EXPECT_THAT(take({stored("late", "every 5s", noon + 2s), stored("early", "every 5s", noon + 1s)}), SizeIs(0));
    EXPECT_EQ(next_name(), "early");
    agenda.proceed("early", noon + 6s);
    EXPECT_EQ(next_name(), "late");
    EXPECT_EQ(agenda.at("early").due, noon + 6s);
}

TEST_F(AgendaOf, a_new_entry_counts_from_now) {
    const auto first = take({stored("new", "every 5s"), stored("daily", "crontab 0 13 * * *")});
    ASSERT_THAT(first, SizeIs(2));
    EXPECT_EQ(first[0].due, noon + 5s);
    EXPECT_EQ(first[1].due, noon + 1h);
    EXPECT_EQ(next_name(), "new");
}

TEST_F(AgendaOf, a_paused_entry_is_left_out) {
    auto entry = stored("paused", "every 5s", noon);
    entry.paused = true;
    EXPECT_THAT(take({entry}), SizeIs(0));
    EXPECT_FALSE(agenda.next());
}

TEST_F(AgendaOf, a_broken_entry_stops_no_other) {
    take({stored("broken", "every day", noon), stored("sound", "every 5s", noon + 1s)});
    EXPECT_EQ(next_name(), "sound");
    ASSERT_THAT(agenda.broken(), SizeIs(1));
    EXPECT_THAT(agenda.broken()[0].reason, HasSubstr("every: 'day'"));
}

TEST_F(AgendaOf, what_is_postponed_keeps_its_slot) {
    take({stored("refused", "every 5s", noon), stored("other", "every 5s", noon + 1s)});
    agenda.postpone("refused", noon + 3s);
    EXPECT_EQ(next_name(), "other");
    agenda.drop("other");
    EXPECT_EQ(next_name(), "refused");
    EXPECT_EQ(agenda.next()->first, noon + 3s);
    EXPECT_EQ(agenda.at("refused").due, noon);
}

}  // namespace
}  // namespace samovar::beat
