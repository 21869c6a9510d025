// What waits for its time, as those see it who look, cancel and hurry; and who promotes it.
#include "broker_test.hpp"

namespace samovar::broker {
namespace {

class DelayedMessages : public BrokerTest {
protected:
    Worker w = worker("w1");

    void publish_for_later(const std::string& id, std::chrono::milliseconds in,
                           const Route& route = {"celery", 0}) {
        run(client->publish({.route = route, .envelope = envelope(id), .id = id, .due = world->now() + in}));
    }
    std::string member_of(const std::string& id) { return run(client->find_delayed(id)).at(0).member; }
    static std::vector<std::string> envelopes_of(const std::vector<DelayedMessage>& messages) {
        std::vector<std::string> found;
        for (const auto& message : messages) found.push_back(message.envelope);
        return found;
    }
};
INSTANTIATE_TEST_SUITE_P(On, DelayedMessages, every_store, store_name);

TEST_P(DelayedMessages, are_listed_page_by_page_earliest_first) {
    publish_for_later("c", 3h);
    publish_for_later("a", 1h, {"main-queue", 6});
    publish_for_later("b", 2h);
    const auto first = run(client->delayed(0, 2));
    EXPECT_EQ(envelopes_of(first.messages), envelopes({"a", "b"}));
    EXPECT_EQ(first.messages[0].route, (Route{"main-queue", 6}));
    EXPECT_EQ(first.messages[0].due, world->view().delayed.at(0).due);
    const auto second = run(client->delayed(first.next.value(), 2));
    EXPECT_EQ(envelopes_of(second.messages), envelopes({"c"}));
    EXPECT_FALSE(run(client->delayed(second.next.value(), 2)).next);
}

TEST_P(DelayedMessages, of_one_task_are_found_by_its_id) {
    for (const auto* id : {"a", "ab", "a*", "[a]"}) publish_for_later(id, 1h);
    publish_for_later("a", 2h);
    EXPECT_EQ(envelopes_of(run(client->find_delayed("a*"))), envelopes({"a*"}));
    EXPECT_EQ(envelopes_of(run(client->find_delayed("[a]"))), envelopes({"[a]"}));
    EXPECT_EQ(run(client->find_delayed("a")).size(), 2u);
    EXPECT_THAT(run(client->find_delayed("b")), IsEmpty());
}

TEST_P(DelayedMessages, that_are_cancelled_are_gone_and_have_their_result) {
    publish_for_later("a", 1h);
    const auto member = member_of("a");
    const Cancellation cancelled{
        .member = member, .task_id = "a", .result = ResultWrite{"a", failure_document("a")}, .claim = {}};
    EXPECT_TRUE(run(client->cancel_delayed(cancelled)));
    EXPECT_FALSE(run(client->cancel_delayed(cancelled)));
    EXPECT_THAT(world->view().messages(), IsEmpty());
    EXPECT_EQ(world->result("a"), failure_document("a"));
}

TEST_P(DelayedMessages, that_are_cancelled_leave_a_success_as_it_is) {
    publish_for_later("a", 1h);
    run(client->store_results({{"a", success_document("a")}}));
    run(client->cancel_delayed({.member = member_of("a"),
                                .task_id = "a",
                                .result = ResultWrite{"a", failure_document("a")},
                                .claim = {}}));
    EXPECT_EQ(world->result("a"), success_document("a"));
}

TEST_P(DelayedMessages, that_are_hurried_are_taken_next) {
    publish_for_later("a", 1h, {"celery", 3});
    publish({"b"}, {"celery", 3});
    EXPECT_TRUE(run(client->run_delayed(member_of("a"), {})));
    EXPECT_EQ(queue({"celery", 3}), envelopes({"a", "b"}));
    publish_for_later("c", 1h, {"celery", 3});
    const auto member = member_of("c");
    EXPECT_TRUE(run(client->run_delayed(member, envelope("without its eta"))));
    EXPECT_FALSE(run(client->run_delayed(member, {})));
    EXPECT_EQ(queue({"celery", 3}), envelopes({"without its eta", "a", "b"}));
    EXPECT_TRUE(world->view().delayed.empty());
}

TEST_P(DelayedMessages, are_counted_with_what_is_overdue) {
    EXPECT_EQ(run(client->backlog({})).delayed, 0u);
    publish_for_later("a", 1h);
    publish_for_later("b", 3h);
    auto backlog = run(client->backlog({}));
    EXPECT_EQ(backlog.delayed, 2u);
    EXPECT_EQ(backlog.overdue, 0u);
    EXPECT_EQ(backlog.lateness, 0us);
    world->advance(2h);
    backlog = run(client->backlog({}));
    EXPECT_EQ(backlog.overdue, 1u);
    EXPECT_GE(backlog.lateness, 1h);
    EXPECT_LT(backlog.lateness, 2h);
}

TEST_P(DelayedMessages, are_one_part_of_the_backlog) {
    publish({"a", "b"});
    publish({"c"}, {"celery", 9});
    publish({"d"}, {"other", 0});
    publish_for_later("e", 1h);
    const auto before = run(client->backlog({"celery", "none"}));
    EXPECT_EQ(before.queued, (std::map<std::string, std::size_t>{{"celery", 3}, {"none", 0}}));
    EXPECT_EQ(before.reserved, 0u);
    EXPECT_EQ(before.delayed, 1u);
    EXPECT_EQ(before.dead, 0u);

    const auto taken = take(w, 2);
    ASSERT_EQ(taken.size(), 2u);
    complete(w, taken[0], {Bury{.id = "a", .reason = "bad"}});
    const auto after = run(client->backlog({"celery"}));
    EXPECT_EQ(after.queued, (std::map<std::string, std::size_t>{{"celery", 1}}));
    EXPECT_EQ(after.reserved, 1u);
    EXPECT_EQ(after.dead, 1u);
}

TEST_P(DelayedMessages, years_away_are_kept_to_the_microsecond) {
    const auto due = world->now() + std::chrono::hours{24 * 365 * 20} + 1us;
    run(client->publish({.route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .due = due}));
    EXPECT_EQ(run(client->delayed(0, 1)).messages.at(0).due, due);
}

TEST_P(DelayedMessages, a_reservation_tells_the_time_by_which_they_are_due) {
    const auto before = world->now();
    EXPECT_GE(reserve(w, {}).store_time, before) << "also when there is nothing";
    publish({"a"});
    const auto taken = reserve(w, {});
    EXPECT_GE(taken.store_time, before);
    EXPECT_LE(taken.store_time, world->now());
}

TEST_P(DelayedMessages, that_are_overdue_are_moved_by_whoever_sees_it) {
    auto other = worker("w2");
    publish_for_later("a", 100ms);
    publish_for_later("b", 200ms);
    publish_for_later("later", 3h);
    auto promotion = run(other.broker->promote(other.who, 10, true));
    EXPECT_TRUE(promotion.lost);
    EXPECT_EQ(promotion.moved, 0u);
    EXPECT_EQ(promotion.next_due, world->view().delayed.at(0).due) << "by which it knows when to look again";
    world->advance(1h);
    promotion = run(other.broker->promote(other.who, 10, true));
    EXPECT_TRUE(promotion.lost);
    EXPECT_EQ(promotion.moved, 2u);
    EXPECT_EQ(promotion.next_due, world->view().delayed.at(0).due);
    EXPECT_EQ(queue(), envelopes({"a", "b"}));
    EXPECT_EQ(envelopes_of(run(client->delayed(0, 9)).messages), envelopes({"later"}));
}

TEST_P(DelayedMessages, are_handed_over_by_a_promoter_that_leaves) {
    auto other = worker("w2");
    bool told = false;
    run([](Broker& broker, bool* flag) -> asio::awaitable<bool> {
        co_await broker.listen_for_handover([flag] { *flag = true; });
        co_return true;
    }(*other.broker, &told));
    publish_for_later("a", 1h);
    EXPECT_TRUE(run(other.broker->promote(other.who, 10, false)).lost);
    run(w.broker->retire(w.who, 500));
    EXPECT_FALSE(run(other.broker->promote(other.who, 10, false)).lost) << "without a renewal in between";
    world->until([&] { return told; });
    publish_for_later("b", 1h);
    EXPECT_EQ(world->view().delayed.size(), 2u) << "what is sent meanwhile is delayed, too";
}

}  // namespace
}  // namespace samovar::broker
