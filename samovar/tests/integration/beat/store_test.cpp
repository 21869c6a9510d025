// Beat's scripts in all the orders that matter: who leads, and that a slot is sent once by the one who does.
#include "beat/store.hpp"

#include "beat_test.hpp"

namespace samovar::beat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto long_lease = 60s;
const std::string definition = R"({"task":"t","schedule":"every 5s"})";
const WallTime slot{std::chrono::seconds{1'700'000'000}};

class BeatStore : public BeatTest {
protected:
    Lead lead(const std::string& incarnation, const std::string& token = "") {
        return loop.run(store.lead(token, incarnation, long_lease, 2 * long_lease));
    }
    std::string token_of(const std::string& incarnation) { return lead(incarnation).token; }
    void end_lease() { command({"DEL", store.keys().leader}); }
    /// An entry whose slot is due.
    void make_due(const std::string& name, const std::string& token) {
        loop.run(store.put({name, definition}));
        loop.run(store.plan(token, {{{name, definition}, slot}}));
    }
    Fired fire(const std::string& token, const std::string& name, const std::string& id, WallTime due = slot,
               std::optional<WallTime> later = {}) {
        return loop.run(store.fire(
            token, {.entry = {name, definition},
                    .due = due,
                    .next = due + 5s,
                    .message =
                        broker::Outgoing{
                            .route = {"celery", 3}, .envelope = "{\"id\":\"" + id + "\"}", .id = id, .due = later},
                    .record = id}));
    }
    std::vector<std::string> queue() {
        return texts({"LRANGE",
                      "shop:celery\x06\x16"
                      "3",
                      "0", "-1"});
    }
    StoredEntry only_entry() { return loop.run(store.load()).entries.at(0); }

    App app{"shop", app_options()};
    Store store{app.impl(), loop.executor()};
};

TEST_F(BeatStore, one_leads_and_the_others_learn_how_long_its_lease_is) {
    const auto first = lead("a");
    EXPECT_TRUE(first.leads);
    EXPECT_EQ(first.token, "1:a");
    const auto second = lead("b");
    EXPECT_FALSE(second.leads);
    EXPECT_GT(second.lease_left, 0s);
    EXPECT_LE(second.lease_left, long_lease);
    EXPECT_EQ(lead("a", first.token).token, first.token) << "renewed";
    EXPECT_EQ(lead("a").token, first.token) << "the reply to the first try was lost";
}

TEST_F(BeatStore, a_leader_that_was_replaced_has_an_old_token) {
    const auto old = token_of("a");
    end_lease();
    const auto young = token_of("b");
    EXPECT_EQ(young, "2:b");
    EXPECT_FALSE(lead("a", old).leads);
    make_due("entry", young);
    EXPECT_EQ(fire(old, "entry", "from-the-old"), Fired::lost);
    EXPECT_FALSE(loop.run(store.adopt(old, {{"code", definition}})));
    EXPECT_FALSE(loop.run(store.plan(old, {{{"entry", definition}, slot}})));
    EXPECT_THAT(queue(), IsEmpty());
    EXPECT_EQ(fire(young, "entry", "from-the-young"), Fired::done);
    EXPECT_THAT(queue(), SizeIs(1));
}

TEST_F(BeatStore, who_leads_again_has_a_new_token) {
    const auto old = token_of("a");
    end_lease();
    const auto again = lead("a", old).token;
    EXPECT_EQ(again, "2:a");
    make_due("entry", again);
    EXPECT_EQ(fire(old, "entry", "x"), Fired::lost);
}

TEST_F(BeatStore, resigning_frees_the_place_of_its_owner_alone) {
    const auto token = token_of("a");
    loop.run(store.resign("7:b"));
    EXPECT_FALSE(lead("b").leads);
    loop.run(store.resign(token));
    EXPECT_TRUE(lead("b").leads);
}

TEST_F(BeatStore, the_watch_begins_anew_after_a_gap) {
    const auto first = lead("a");
    EXPECT_EQ(first.watched_since, first.store_time);
    const auto second = lead("b");
    EXPECT_EQ(second.watched_since, first.watched_since) << "whoever it is that watches";
    const auto long_ago = first.store_time - 2 * long_lease - 1s;
    const auto text = std::to_string(long_ago.time_since_epoch().count());
    command({"HSET", store.keys().watch, "since", "1000", "last", text});
    const auto third = lead("a", first.token);
    EXPECT_EQ(third.watched_since, third.store_time);
}

TEST_F(BeatStore, a_slot_is_sent_once_and_the_next_is_planned) {
    const auto token = token_of("a");
    make_due("entry", token);
    EXPECT_EQ(fire(token, "entry", "one"), Fired::done);
    EXPECT_EQ(fire(token, "entry", "one"), Fired::done) << "the reply was lost, and the call is sent again";
    EXPECT_EQ(fire(token, "entry", "two"), Fired::changed) << "somebody else thinks the slot is due";
    EXPECT_THAT(queue(), ElementsAre("{\"id\":\"one\"}"));
    EXPECT_EQ(only_entry().due, slot + 5s);
    EXPECT_EQ(only_entry().last, "one");
    EXPECT_THAT(texts({"SMEMBERS", "shop:_kombu.binding.celery"}), SizeIs(1));
}

TEST_F(BeatStore, a_slot_before_its_time_by_rediss_clock_is_not_sent) {
    const auto token = token_of("a");
    const auto future = lead("a", token).store_time + 1h;
    loop.run(store.put({"entry", definition}));
    loop.run(store.plan(token, {{{"entry", definition}, future}}));
    EXPECT_EQ(fire(token, "entry", "one", future), Fired::early);
    EXPECT_THAT(queue(), IsEmpty());
}

TEST_F(BeatStore, what_passes_sends_nothing) {
    const auto token = token_of("a");
    make_due("entry", token);
    const Firing passing{
        .entry = {"entry", definition}, .due = slot, .next = slot + 1h, .message = {}, .record = {}};
    EXPECT_EQ(loop.run(store.fire(token, passing)), Fired::done);
    EXPECT_THAT(queue(), IsEmpty());
    EXPECT_EQ(only_entry().due, slot + 1h);
    EXPECT_EQ(only_entry().last, "");
}

TEST_F(BeatStore, an_entry_that_changed_meanwhile_is_not_sent) {
    const auto token = token_of("a");
    make_due("entry", token);
    loop.run(store.put({"entry", "{}"}));
    EXPECT_EQ(fire(token, "entry", "one"), Fired::changed);
    EXPECT_FALSE(only_entry().due) << "it begins anew";
    loop.run(store.put({"entry", definition}));
    EXPECT_EQ(fire(token, "entry", "one"), Fired::changed);
    EXPECT_THAT(queue(), IsEmpty());
}

TEST_F(BeatStore, a_paused_entry_is_not_sent_and_begins_anew_when_resumed) {
    const auto token = token_of("a");
    make_due("entry", token);
    EXPECT_TRUE(loop.run(store.pause("entry", true)));
    EXPECT_TRUE(only_entry().paused);
    EXPECT_EQ(fire(token, "entry", "one"), Fired::changed);
    EXPECT_TRUE(loop.run(store.pause("entry", false)));
    EXPECT_FALSE(only_entry().paused);
    EXPECT_FALSE(only_entry().due);
    EXPECT_EQ(fire(token, "entry", "one"), Fired::changed);
    EXPECT_FALSE(loop.run(store.pause("unknown", true)));
}

TEST_F(BeatStore, resuming_what_is_not_paused_changes_nothing) {
    make_due("entry", token_of("a"));
    EXPECT_TRUE(loop.run(store.pause("entry", false)));
    EXPECT_EQ(only_entry().due, slot);
}

TEST_F(BeatStore, a_delayed_message_waits_with_a_promoter_and_is_queued_without) {
    const auto token = token_of("a");
    make_due("entry", token);
    const WallTime later{std::chrono::seconds{8'000'000'000}};
    command({"SET", "shop:samovar:promoter", "somebody"});
    EXPECT_EQ(fire(token, "entry", "one", slot, later), Fired::done);
    EXPECT_THAT(queue(), IsEmpty());
    EXPECT_EQ(command({"ZCARD", "shop:samovar:delayed"}).integer(), 1);
    command({"DEL", "shop:samovar:promoter"});
    EXPECT_EQ(fire(token, "entry", "two", slot + 5s, later), Fired::done);
    EXPECT_THAT(queue(), SizeIs(1));
}

TEST_F(BeatStore, a_task_that_stands_for_it_lets_the_slot_pass) {
    const auto token = token_of("a");
    make_due("entry", token);
    const auto fire_unique = [&](const std::string& id, WallTime due) {
        auto message = broker::Outgoing{.route = {"celery", 3}, .envelope = "{}", .id = id};
        message.unique = broker::Claim{.key = "shop:one is enough"};
        return loop.run(store.fire(token, {.entry = {"entry", definition},
                                           .due = due,
                                           .next = due + 5s,
                                           .message = std::move(message),
                                           .record = id}));
    };
    EXPECT_EQ(fire_unique("one", slot), Fired::done);
    EXPECT_EQ(fire_unique("one", slot), Fired::done) << "the reply was lost";
    EXPECT_EQ(fire_unique("two", slot + 5s), Fired::stands);
    EXPECT_THAT(queue(), SizeIs(1));
    EXPECT_EQ(only_entry().due, slot + 10s);
    EXPECT_EQ(only_entry().last, "one");
    EXPECT_EQ(command({"GET", "shop:samovar:unique:shop:one is enough"}).text(), "one");
}

TEST_F(BeatStore, entries_from_code_become_those_of_the_leaders_program) {
    const auto token = token_of("a");
    loop.run(store.put({"by hand", definition}));
    EXPECT_TRUE(loop.run(store.adopt(token, {{"one", definition}, {"two", definition}})));
    loop.run(store.plan(token, {{{"one", definition}, slot}, {{"two", definition}, slot}}));
    EXPECT_TRUE(loop.run(store.adopt(token, {{"one", definition}, {"three", definition}})));
    const auto entries = loop.run(store.load()).entries;
    ASSERT_THAT(entries, SizeIs(3));
    EXPECT_EQ(entries[0].definition.name, "by hand");
    EXPECT_EQ(entries[1].definition.name, "one");
    EXPECT_EQ(entries[1].due, slot) << "unchanged, so it goes on";
    EXPECT_EQ(entries[2].definition.name, "three");
    EXPECT_TRUE(entries[2].from_code);
}

TEST_F(BeatStore, entries_from_code_are_not_replaced_or_removed_by_hand) {
    loop.run(store.adopt(token_of("a"), {{"code", definition}}));
    EXPECT_EQ(loop.run(store.put({"code", "{}"})), Put::from_code);
    EXPECT_EQ(loop.run(store.remove("code")), Removed::from_code);
    EXPECT_EQ(only_entry().definition.text, definition);
}

TEST_F(BeatStore, putting_and_removing_by_hand) {
    EXPECT_EQ(loop.run(store.put({"entry", definition})), Put::added);
    EXPECT_EQ(loop.run(store.put({"entry", "{}"})), Put::replaced);
    EXPECT_EQ(loop.run(store.remove("entry")), Removed::done);
    EXPECT_EQ(loop.run(store.remove("entry")), Removed::unknown);
    EXPECT_THAT(texts({"KEYS", "*beat*"}), IsEmpty());
}

TEST_F(BeatStore, applications_of_one_database_do_not_see_each_other) {
    App other{"office", app_options()};
    Store others{other.impl(), loop.executor()};
    loop.run(store.put({"entry", definition}));
    EXPECT_THAT(loop.run(others.load()).entries, IsEmpty());
    EXPECT_TRUE(lead("a").leads);
    EXPECT_TRUE(loop.run(others.lead("", "b", long_lease, long_lease)).leads);
}

}  // namespace
}  // namespace samovar::beat
