// Where no worker will come back: everything goes back to the queues, and nobody is blamed.
#include "broker_test.hpp"
#include "redis_world.hpp"

namespace samovar::broker {
namespace {

class Rescue : public BrokerTest {
protected:
    Rescued rescue(std::size_t max_messages = 500) {
        return run(client->rescue(run(client->registered()).last_renewal, max_messages));
    }
    void die(Worker& dead) { world->end_lease(dead.who); }
};
INSTANTIATE_TEST_SUITE_P(On, Rescue, every_store, store_name);

TEST_P(Rescue, of_an_empty_store_finds_nothing) {
    const auto found = run(client->registered());
    EXPECT_EQ(found.workers, 0u);
    EXPECT_EQ(found.refusal, "");
    EXPECT_EQ(found.run_id, run(client->run_id()));
    EXPECT_FALSE(rescue().more);
    EXPECT_EQ(run(client->set_aside()), 0u);
}

TEST_P(Rescue, tells_who_is_registered_and_renewed_last) {
    auto first = worker("first");
    run(client->renew({.who = {"second", "tea@house", 1}, .lease = 2000h, .first = true}));
    run(client->renew({.who = first.who, .lease = 1000h}));
    const auto found = run(client->registered());
    EXPECT_EQ(found.workers, 2u);
    if (!world->moves_the_clock()) {
        EXPECT_EQ(found.node, "worker@first");
    }
    EXPECT_EQ(found.longest_lease, 2000h);
    EXPECT_LE(found.last_renewal, found.store_time);
}

TEST_P(Rescue, puts_back_what_dead_workers_held_in_order_and_unblamed) {
    publish({"a", "b", "c"});
    auto first = worker("first");
    take(first, 1);
    auto second = worker("second");
    take(second);
    die(first);
    die(second);
    std::size_t put_back = 0;
    Rescued done;
    do {
        done = rescue(1);
        ASSERT_FALSE(done.refused);
        put_back += done.put_back;
    } while (done.more);
    EXPECT_EQ(put_back, 3u);
    auto view = world->view();
    EXPECT_THAT((view.queues[{"celery", 0}]), ::testing::UnorderedElementsAreArray(envelopes({"a", "b", "c"})));
    EXPECT_THAT(view.workers, IsEmpty());
    EXPECT_THAT(view.suspects, IsEmpty());
    EXPECT_THAT(view.dead, IsEmpty());
}

TEST_P(Rescue, is_refused_while_one_worker_lives) {
    publish({"a"});
    auto dead = worker("dead");
    take(dead);
    die(dead);
    auto living = worker("living");
    const auto done = rescue();
    EXPECT_TRUE(done.refused);
    EXPECT_EQ(done.node, "worker@living");
    EXPECT_THAT(queue(), IsEmpty());
    EXPECT_EQ(world->view().workers.size(), 2u);
}

TEST_P(Rescue, what_had_started_under_an_early_acknowledgement_stays_set_aside) {
    publish({"a", "b"});
    auto w = worker("w1");
    const auto messages = take(w);
    run(w.broker->start(w.who, {marked(messages[0].id)}));
    die(w);
    const auto done = rescue();
    EXPECT_EQ(done.put_back, 1u);
    EXPECT_EQ(done.set_aside, 1u);
    EXPECT_EQ(queue(), envelopes({"b"}));
    EXPECT_EQ(run(client->set_aside()), 1u);
    EXPECT_EQ(complete(w, {.reservation = messages[0].id}), Completed::done) << "nobody else runs it";
    EXPECT_EQ(run(client->set_aside()), 0u);
}

TEST_P(Rescue, a_suspect_keeps_the_deaths_it_was_blamed_for) {
    publish({"a"});
    auto reaper = worker("reaper");
    auto victim = worker("victim");
    take(victim);
    BrokerTest::die(victim, reaper);
    EXPECT_EQ(world->view().suspects, std::vector<int>{1});
    take(reaper);
    die(reaper);
    EXPECT_EQ(rescue().put_back, 1u);
    EXPECT_EQ(world->view().suspects, std::vector<int>{1});
}

TEST_P(Rescue, what_is_delayed_is_moved_where_nobody_promotes) {
    auto w = worker("w1");
    run(client->publish({.route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .due = world->now() + 1h}));
    EXPECT_EQ(run(client->promote({}, 10, true)).moved, 0u) << "w1 does";
    die(w);
    EXPECT_EQ(run(client->promote({}, 10, false)).moved, 0u) << "it is not due";
    EXPECT_EQ(run(client->promote({}, 10, true)).moved, 1u);
    EXPECT_EQ(queue(), envelopes({"a"}));
}

class RescueOnRedis : public Rescue {
protected:
    RedisWorld& redis() { return dynamic_cast<RedisWorld&>(*world); }
};
INSTANTIATE_TEST_SUITE_P(On, RescueOnRedis, ::testing::Values(Store::redis, Store::redis_with_prefix), store_name);

TEST_P(RescueOnRedis, a_renewal_that_the_caller_has_not_seen_is_a_sign_of_life) {
    auto w = worker("w1");
    const auto seen = run(client->registered()).last_renewal;
    run(w.broker->renew({.who = w.who, .lease = 1000h}));
    die(w);
    const auto done = run(client->rescue(seen, 500));
    EXPECT_TRUE(done.refused);
    EXPECT_EQ(done.node, "worker@w1");
    EXPECT_FALSE(rescue().refused);
}

TEST_P(RescueOnRedis, a_living_worker_of_the_layout_before_refuses_it_too) {
    redis().command({"ZADD", redis().keys().workers_before(), "1", "old"});
    EXPECT_EQ(run(client->registered()).workers, 1u);
    redis().command({"SET", redis().keys().lease("old"), R"({"node":"old@host","pid":7})"});
    EXPECT_EQ(rescue().node, "old@host");
}

TEST_P(RescueOnRedis, beside_a_newer_layout_it_and_the_reaper_judge_nobody) {
    publish({"a"});
    auto w = worker("w1");
    take(w);
    die(w);
    redis().command({"SET", redis().keys().layout(), std::to_string(layout_number + 1)});
    EXPECT_THAT(run(client->registered()).refusal, HasSubstr("newer Samovar"));
    const auto reaped = run(client->reap(sight(), 500));
    EXPECT_EQ(reaped.incarnation, "");
    EXPECT_TRUE(reaped.newer_layout);
    EXPECT_THAT(queue(), IsEmpty());
}

TEST_P(RescueOnRedis, what_an_occupied_queue_cannot_take_becomes_a_dead_letter) {
    publish({"a"});
    auto w = worker("w1");
    take(w);
    redis().command({"SET", redis().keys().list({"celery", 0}), "a text"});
    die(w);
    EXPECT_EQ(rescue().buried, 1u);
    EXPECT_EQ(world->view().dead_envelopes, envelopes({"a"}));
}

TEST_P(RescueOnRedis, only_what_is_set_aside_under_this_prefix_is_counted) {
    redis().command({"HSET", "other*samovar:aside:w", "w:1:1", "6:celery{}"});
    redis().command({"HSET", redis().keys().aside("w"), "w:1:1", "6:celery{}", "w:1:2", "6:celery{}"});
    EXPECT_EQ(run(client->set_aside()), 2u);
}

}  // namespace
}  // namespace samovar::broker
