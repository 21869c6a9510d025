// Whole beats in this process against a real Redis.
#include <samovar/beat.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <set>

#include <samovar/error.hpp>
#include <samovar/log.hpp>

#include "beat_test.hpp"
#include "message/time_text.hpp"

namespace samovar::beat {
namespace {

using ::testing::HasSubstr;

// Nothing here waits for its end, and a busy machine does not make it seem that nobody watched.
constexpr BeatRunOptions patient{.lease = 60s};

class RunningBeat : public BeatTest {
protected:
    /// Waits for the next message of the queue and takes it.
    message::TaskMessage take(const std::string& list = "shop:celery") {
        const auto reply = loop.run(admin.command({"BRPOP", list, "60"}, {.deadline = 70s}));
        return message::decode(reply.array().at(1).text());
    }
    static WallTime slot_of(const message::TaskMessage& message) {
        return message::parse_time(*message.extra_headers.find("periodic_slot")->if_string()).value();
    }
    void put(const std::string& name, const std::string& definition) { loop.run(store.put({name, definition})); }
    WallTime store_time() { return loop.run(store.load()).store_time; }

    App app{"shop", app_options()};
    Store store{app.impl(), loop.executor()};
};

TEST_F(RunningBeat, sends_an_entry_from_code_at_each_slot) {
    app.beat("tidy-up", every(50ms), {.task = "shop.tidy", .args = {1}, .kwargs = {{"deep", true}}},
             {.expires = 60s});
    const BackgroundBeat beat{app, patient};
    const auto first = take();
    EXPECT_EQ(first.task, "shop.tidy");
    EXPECT_EQ(first.argsrepr, "(1,)");
    EXPECT_EQ(*first.extra_headers.find("periodic_task_name"), Value{"tidy-up"});
    EXPECT_TRUE(first.expires);
    for (int i = 1; i <= 10; ++i) EXPECT_EQ(slot_of(take()), slot_of(first) + i * 50ms);
}

TEST_F(RunningBeat, picks_up_an_entry_that_is_added_while_it_sleeps) {
    app.beat("never", every(std::chrono::days{1'000}), {.task = "never"});
    app.beat("ready", every(20ms), {.task = "ready"});
    const BackgroundBeat beat{app, patient};
    take();
    put("tick", R"({"task":"tick","schedule":"every 20ms","queue":"ticks"})");
    EXPECT_EQ(take("shop:ticks").task, "tick");
}

TEST_F(RunningBeat, a_bad_entry_stops_no_other) {
    command({"SET", "shop:occupied", "no list"});
    put("a broken one", "{}");
    put("an occupied queue", R"({"task":"t","schedule":"every 10ms","queue":"occupied"})");
    put("an unusable header", R"({"task":"t","schedule":"every 10ms","headers":{"task":"x"}})");
    put("sound", R"({"task":"tick","schedule":"every 20ms"})");
    std::set<std::string> errors;
    std::mutex mutex;
    const log::ScopedSink sink{[&](const log::Record& record) {
        const std::lock_guard lock{mutex};
        if (record.level == log::Level::error) errors.emplace(record.message);
    }};
    {
        const BackgroundBeat beat{app, patient};
        const auto first = take();
        EXPECT_EQ(first.task, "tick");
        for (int i = 1; i <= 5; ++i) EXPECT_EQ(slot_of(take()), slot_of(first) + i * 20ms);
    }
    const std::lock_guard lock{mutex};
    const auto reported = [&](const std::string& what) {
        return std::ranges::any_of(errors, [&](const auto& line) { return line.find(what) != std::string::npos; });
    };
    EXPECT_TRUE(reported("a broken one is not sent: "));
    EXPECT_TRUE(reported("an occupied queue was refused by the store: "));
    EXPECT_TRUE(reported("an unusable header is not sent until it is changed: header task"));
}

TEST_F(RunningBeat, the_others_go_on_where_the_leader_leaves) {
    app.beat("tick", every(20ms), {.task = "tick"});
    std::optional<BackgroundBeat> first{std::in_place, app, patient};
    auto slot = slot_of(take());
    const BackgroundBeat second{app, patient};
    for (int i = 0; i < 30; ++i) {
        const auto next = slot_of(take());
        ASSERT_EQ(next, slot + 20ms) << "each slot, and once";
        slot = next;
        if (i == 10) first.reset();
    }
}

TEST_F(RunningBeat, puts_its_entries_back_into_a_store_that_has_lost_everything) {
    std::vector<std::string> warnings;
    std::mutex mutex;
    const log::ScopedSink sink{[&](const log::Record& record) {
        const std::lock_guard lock{mutex};
        if (record.level == log::Level::warning) warnings.emplace_back(record.message);
    }};
    app.beat("tick", every(20ms), {.task = "tick"});
    const BackgroundBeat beat{app, patient};
    auto last = slot_of(take());
    for (int losses = 1; losses <= 2; ++losses) {
        command({"FLUSHALL"});
        for (int i = 0; i < 5; ++i) {
            const auto next = slot_of(take());
            EXPECT_GT(next, last);
            last = next;
        }
        const std::lock_guard lock{mutex};
        EXPECT_THAT(warnings, ::testing::SizeIs(losses));
        EXPECT_THAT(warnings, ::testing::Each(HasSubstr("the store has lost what beat keeps there")));
    }
}

TEST_F(RunningBeat, notices_that_its_entries_are_gone_while_nothing_is_due) {
    app.beat("rare", every(std::chrono::days{1'000}), {.task = "rare"});
    const BackgroundBeat beat{app, patient};
    const auto entries = [&] { return loop.run(store.load()).entries.size(); };
    while (entries() == 0) {
    }
    command({"DEL", store.keys().entries});
    while (entries() == 0) {
    }
}

TEST_F(RunningBeat, sends_no_slot_again_for_a_store_that_went_back_in_time) {
    app.beat("tick", every(20ms), {.task = "tick"});
    const BackgroundBeat beat{app, patient};
    std::set<WallTime> slots;
    for (int i = 0; i < 30; ++i) {
        if (i % 10 == 5) {
            const auto back = std::to_string((*slots.begin()).time_since_epoch().count());
            command({"ZADD", store.keys().due, back, "tick"});
            command({"PUBLISH", store.keys().changed_channel, "tick"});
        }
        const auto slot = slot_of(take());
        EXPECT_TRUE(slots.insert(slot).second) << message::format_time(slot) << " a second time";
    }
}

class Missed : public RunningBeat {
protected:
    /// An entry whose slots of the last two hours nobody sent.
    void miss(const std::string& definition) {
        put("entry", definition);
        const auto now = store_time();
        const auto past = [&](std::chrono::seconds ago) {
            return std::to_string((now - ago).time_since_epoch().count());
        };
        command({"ZADD", store.keys().due, past(2h), "entry"});
        command({"HSET", store.keys().watch, "since", past(4h), "last", past(2h)});
    }
};

TEST_F(Missed, runs_once_and_then_at_its_slots) {
    miss(R"({"task":"t","schedule":"every 1h"})");
    put("tick", R"({"task":"tick","schedule":"every 50ms","queue":"ticks"})");
    const auto begun = store_time();
    const BackgroundBeat beat{app, patient};
    EXPECT_LE(slot_of(take()), begun - 1h);
    for (int i = 0; i < 3; ++i) take("shop:ticks");
    EXPECT_THAT(messages(), ::testing::SizeIs(0));
}

TEST_F(Missed, does_not_run_when_the_entry_wants_none) {
    miss(R"({"task":"t","schedule":"every 1h","catch_up":0})");
    put("tick", R"({"task":"tick","schedule":"every 50ms","queue":"ticks"})");
    const BackgroundBeat beat{app, patient};
    for (int i = 0; i < 3; ++i) take("shop:ticks");
    EXPECT_THAT(messages(), ::testing::SizeIs(0));
    EXPECT_GT(loop.run(store.load()).entries.at(0).due, store_time());
}

TEST_F(RunningBeat, leading_or_not_puts_back_what_a_dead_worker_held) {
    auto broker = app.impl().make_broker(loop.executor(), "test");
    const broker::Identity dead{"dead", "dead@host", 1};
    const BackgroundBeat leads{app, patient};
    while (command({"EXISTS", store.keys().leader}).integer() == 0) {
    }
    App other{"another shop", app_options()};
    const BackgroundBeat beat{other, {.lease = 1s}};
    loop.run(broker->renew({.who = dead, .lease = 300ms, .first = true}));
    app.send("shop.sum", {1});
    ASSERT_EQ(loop.run(broker->reserve(dead, {.routes = {{"celery", 0}}})).messages.size(), 1u);
    EXPECT_EQ(take().task, "shop.sum");
}

/// Breaks once, when it is told to.
class CrackedClock : public Clock {
public:
    WallTime now() const override { return system_clock().now(); }
    SteadyTime steady() const override {
        if (breaks.exchange(false)) throw std::runtime_error{"the pot is cracked"};
        return system_clock().steady();
    }
    mutable std::atomic<bool> breaks{false};
};

TEST_F(RunningBeat, ends_with_an_error_when_one_of_its_roles_ends_unasked) {
    CrackedClock clock;
    std::vector<std::string> errors;
    const log::ScopedSink sink{[&](const log::Record& record) {
        if (record.level >= log::Level::error) errors.emplace_back(record.message);
        if (record.message.starts_with("beat ready")) clock.breaks = true;
    }};
    auto options = app_options();
    options.clock = &clock;
    App cracked{"shop", options};
    EXPECT_EQ(run_beat(cracked, patient), 1);
    ASSERT_THAT(errors, ::testing::SizeIs(2));
    EXPECT_THAT(errors[0], HasSubstr(" has ended: the pot is cracked"));
    EXPECT_THAT(errors[1], HasSubstr("this beat cannot go on without the "));
}

TEST_F(RunningBeat, is_ended_by_a_first_sign_in_that_is_refused) {
    command({"ACL", "SETUSER", "eve", "on", ">pw", "~*", "&*", "+@all", "-evalsha", "-eval"});
    const auto at = "@127.0.0.1:" + std::to_string(server().port()) + "/0";
    for (const std::string sign_in : {"eve:wrong", "eve:pw"}) {
        App refused{"shop", {.broker_url = "redis://" + sign_in + at}};
        EXPECT_EQ(run_beat(refused, patient), 1) << sign_in;
    }
}

TEST(BeatInMemory, is_refused) {
    App app{"shop", {.broker_url = "memory://"}};
    EXPECT_THROW(BackgroundBeat{app}, ConfigurationError);
}

TEST(BeatOptionsOfARun, an_impossible_lease_is_refused) {
    App app{"shop", {.broker_url = "redis://127.0.0.1:1/0"}};
    EXPECT_THROW((BackgroundBeat{app, {.lease = 9ms}}), std::invalid_argument);
}

}  // namespace
}  // namespace samovar::beat
