// Registration, leases, promotership and leaving.
#include "broker_test.hpp"

namespace samovar::broker {
namespace {

class Leases : public BrokerTest {
protected:
    void publish_for_later(const std::string& id, std::chrono::seconds in, const Route& route = {"celery", 0}) {
        run(client->publish({.route = route, .envelope = envelope(id), .id = id, .due = world->now() + in}));
    }
    std::vector<std::string> delayed() {
        std::vector<std::string> messages;
        for (const auto& message : world->view().delayed) messages.push_back(message.envelope);
        return messages;
    }
    Promotion promote(Worker& by, std::size_t count = 500, bool all = false) {
        return run(by.broker->promote(by.who, count, all));
    }
    Lease renew(Worker& by) { return run(by.broker->renew({.who = by.who, .lease = 1000h})); }
};
INSTANTIATE_TEST_SUITE_P(On, Leases, every_store, store_name);

TEST_P(Leases, tell_what_the_store_knows) {
    publish({"a", "b"});
    auto one = worker("w1");
    auto two = worker("w2");
    take(two);
    const auto before = world->now();
    const auto lease = renew(two);
    EXPECT_EQ(lease.workers, 2u);
    EXPECT_EQ(lease.held, 2u);
    EXPECT_GE(lease.store_time, before);
    EXPECT_LE(lease.store_time, world->now());
    EXPECT_NE(lease.run_id, "");
    EXPECT_EQ(lease.run_id, renew(one).run_id);
    EXPECT_EQ(lease.run_id, run(client->run_id()));
    EXPECT_FALSE(lease.next_due);
    publish_for_later("c", 1h);
    EXPECT_EQ(renew(two).next_due, world->view().delayed.at(0).due);
}

TEST_P(Leases, a_renewal_does_not_register) {
    Worker stranger{world->connect(), {"stranger", "worker@x", 1}};
    EXPECT_TRUE(renew(stranger).lost);
    EXPECT_TRUE(world->view().workers.empty());
}

TEST_P(Leases, one_worker_promotes_and_another_takes_over_when_it_is_gone) {
    auto one = worker("w1");
    auto two = worker("w2");
    EXPECT_TRUE(renew(one).promotes);
    EXPECT_FALSE(renew(two).promotes);
    EXPECT_TRUE(promote(two).lost);
    world->end_lease(one.who);
    EXPECT_TRUE(promote(one).lost);
    EXPECT_TRUE(renew(two).promotes);
    EXPECT_FALSE(promote(two).lost);
}

TEST_P(Leases, what_is_due_goes_to_its_queue_earliest_first) {
    auto w = worker("w1");
    publish_for_later("c", 3h);
    publish_for_later("a", 1h);
    publish_for_later("b", 2h, {"celery", 9});
    publish_for_later("later", 9h);
    EXPECT_EQ(delayed(), envelopes({"a", "b", "c", "later"}));
    auto promotion = promote(w);
    EXPECT_EQ(promotion.moved, 0u);
    EXPECT_EQ(promotion.next_due, world->view().delayed.at(0).due);
    world->advance(4h);
    publish({"present"});
    promotion = promote(w);
    EXPECT_FALSE(promotion.lost);
    EXPECT_EQ(promotion.moved, 3u);
    EXPECT_EQ(promotion.next_due, world->view().delayed.at(0).due);
    EXPECT_EQ(queue(), envelopes({"present", "a", "c"}));
    EXPECT_EQ(queue({"celery", 9}), envelopes({"b"}));
    EXPECT_EQ(delayed(), envelopes({"later"}));
}

TEST_P(Leases, promotion_is_bounded_by_number_and_size) {
    auto w = worker("w1");
    for (int i = 0; i < 5; ++i) publish_for_later(std::to_string(i), std::chrono::minutes{i + 1});
    world->advance(1h);
    EXPECT_EQ(promote(w, 3).moved, 3u);
    EXPECT_EQ(queue(), envelopes({"0", "1", "2"}));
    EXPECT_EQ(promote(w, 3).moved, 2u);
    EXPECT_FALSE(promote(w, 3).next_due);
    const std::string large = "{" + std::string(600'000, ' ') + "}";
    for (int i = 0; i < 2; ++i)
        run(client->publish({.route = {"large", 0},
                             .envelope = large,
                             .id = "x",
                             .due = world->now() + std::chrono::hours{i + 1}}));
    world->advance(5h);
    EXPECT_EQ(promote(w).moved, 1u);
    EXPECT_EQ(promote(w).moved, 1u);
}

TEST_P(Leases, the_last_worker_to_leave_moves_what_is_delayed) {
    auto w = worker("w1");
    publish_for_later("a", 2h);
    publish_for_later("b", 1h);
    const auto first = run(w.broker->retire(w.who, 500));
    EXPECT_TRUE(first.more);
    EXPECT_EQ(queue(), envelopes({"b", "a"}));
    EXPECT_FALSE(run(w.broker->retire(w.who, 500)).more);
    EXPECT_TRUE(world->view().workers.empty());
    publish_for_later("c", 1h);
    EXPECT_EQ(queue(), envelopes({"b", "a", "c"}));
}

TEST_P(Leases, one_that_was_no_promoter_moves_it_too_if_it_is_the_last) {
    auto one = worker("w1");
    auto two = worker("w2");
    publish_for_later("a", 1h);
    EXPECT_FALSE(run(one.broker->retire(one.who, 500)).more);
    EXPECT_EQ(delayed(), envelopes({"a"}));
    EXPECT_TRUE(run(two.broker->retire(two.who, 500)).more);
    EXPECT_FALSE(run(two.broker->retire(two.who, 500)).more);
    EXPECT_EQ(queue(), envelopes({"a"}));
}

TEST_P(Leases, a_dead_worker_is_none_to_leave_it_to) {
    auto dead = worker("dead");
    auto w = worker("w1");
    publish_for_later("a", 1h);
    world->end_lease(dead.who);
    EXPECT_TRUE(run(w.broker->retire(w.who, 500)).more);
    EXPECT_EQ(queue(), envelopes({"a"}));
}

TEST_P(Leases, a_promoter_that_leaves_makes_way) {
    auto one = worker("w1");
    auto two = worker("w2");
    run(one.broker->retire(one.who, 500));
    EXPECT_TRUE(renew(two).promotes);
}

TEST_P(Leases, promoting_all_moves_what_is_not_due) {
    auto w = worker("w1");
    publish_for_later("a", 2h);
    EXPECT_EQ(promote(w, 500, true).moved, 1u);
    EXPECT_EQ(queue(), envelopes({"a"}));
}

TEST_P(Leases, who_leaves_gives_back_unsuspected_in_order) {
    publish({"a", "b", "c", "d", "e"});
    auto w = worker("w1");
    auto other = worker("w2");
    const auto messages = take(w, 4);
    start(w, messages[1]);
    const auto first = run(w.broker->retire(w.who, 2));
    EXPECT_EQ(first.put_back, 2u);
    EXPECT_TRUE(first.more);
    const auto last = run(w.broker->retire(w.who, 2));
    EXPECT_EQ(last.put_back, 1u);
    EXPECT_EQ(last.dropped, 1u);
    EXPECT_FALSE(last.more);
    const auto view = world->view();
    EXPECT_EQ(view.queues.at({"celery", 0}), envelopes({"a", "c", "d", "e"}));
    EXPECT_TRUE(view.suspects.empty());
    EXPECT_EQ(view.workers, (std::vector<std::string>{"w2"}));
    EXPECT_TRUE(run(w.broker->retire(w.who, 2)).lost);
    EXPECT_FALSE(take(other).at(0).suspect);
}

TEST_P(Leases, two_starts_of_one_node_are_two_workers) {
    publish({"a"});
    auto old = worker("first-start");
    take(old);
    Worker restarted{world->connect(), {"second-start", old.who.node, 2}};
    run(restarted.broker->renew({.who = restarted.who, .lease = 1000h, .first = true}));
    EXPECT_TRUE(take(restarted).empty());
    die(old, restarted);
    EXPECT_EQ(envelopes_of(take(restarted)), envelopes({"a"}));
}

TEST_P(Leases, restoring_what_python_left_leaves_a_living_workers_messages_alone) {
    publish({"a"});
    auto w = worker("w1");
    const auto message = take(w).at(0);
    EXPECT_EQ(run(w.broker->restore_foreign(0s)), 0u);
    EXPECT_EQ(complete(w, message), Completed::done);
}

TEST_P(Leases, a_renewal_puts_back_what_the_store_holds_and_the_worker_does_not_know) {
    publish({"a", "b", "c", "d", "e"});
    auto w = worker("w1");
    const auto first = take(w, 3);
    const auto second = take(w, 1);
    start(w, first[2]);
    const auto renewed = run(w.broker->renew(
        {.who = w.who, .lease = 1000h, .last_batch = 1, .open = {first[1].id, "w1:9:9", "of nobody"}}));
    EXPECT_EQ(renewed.put_back, 1u);
    EXPECT_EQ(renewed.dropped, 1u) << "it had been acknowledged and does not run again";
    EXPECT_FALSE(renewed.more);
    EXPECT_EQ(renewed.held, 2u);
    EXPECT_EQ(queue(), envelopes({"a", "e"}));
    EXPECT_FALSE(take(w).at(0).suspect);
    EXPECT_EQ(complete(w, first[1]), Completed::done);
    EXPECT_EQ(complete(w, second[0]), Completed::done);
    EXPECT_EQ(complete(w, first[0]), Completed::gone);
}

TEST_P(Leases, what_is_put_back_leaves_its_places_in_limits) {
    publish({"a", "b"});
    auto w = worker("w1");
    auto other = worker("w2");
    const Limit exclusive{.name = "exclusive:app:task", .at_once = 1};
    const auto enter = [&](Worker& by, const Reserved& message) {
        return start(by, {.reservation = message.id, .late = true, .id = message.id, .limits = {exclusive}})
            .answer;
    };
    const auto lost = take(w, 1).at(0);
    EXPECT_EQ(enter(w, lost), Started::Answer::go);
    run(w.broker->renew({.who = w.who, .lease = 1000h, .last_batch = 1}));
    const auto again = take(other);
    ASSERT_EQ(again.size(), 2u);
    EXPECT_EQ(enter(other, again[0]), Started::Answer::go);
}

TEST_P(Leases, much_that_is_unknown_goes_back_in_parts) {
    const std::string large = "{" + std::string(600'000, ' ') + "}";
    for (int i = 0; i < 3; ++i) run(client->publish({.route = {"celery", 0}, .envelope = large, .id = "x"}));
    auto w = worker("w1");
    while (!take(w).empty()) {
    }
    std::size_t calls = 0;
    for (bool more = true; more; ++calls) {
        const auto renewed = run(w.broker->renew({.who = w.who, .lease = 1000h, .last_batch = w.batch}));
        EXPECT_EQ(renewed.put_back, 1u);
        more = renewed.more;
    }
    EXPECT_EQ(calls, 3u);
    EXPECT_EQ(queue().size(), 3u);
}

}  // namespace
}  // namespace samovar::broker
