// Waits are ended by what they wait for. Their own limit is beyond what a test may take, so a wait that had to be
// polled would fail.
#include "broker_test.hpp"

namespace samovar::broker {
namespace {

class Waiting : public BrokerTest {
protected:
    Worker w = worker("w1");
    bool woken = false;

    void watch(std::vector<Route> routes = {{"celery", 0}, {"celery", 3}, {"main-queue", 0}}) {
        run(w.broker->watch(std::move(routes)));
    }
    void wait() { world->start(w.broker->wait(1h), woken); }
    void expect_woken() {
        world->until([&] { return woken; });
        woken = false;
    }
    /// A round trip on the waiting connection, behind whatever it was told before.
    void settle() { run(w.broker->dead_envelope("nobody")); }
};
INSTANTIATE_TEST_SUITE_P(On, Waiting, every_store, store_name);

TEST_P(Waiting, is_ended_by_a_message_in_any_of_the_watched_queues) {
    for (const Route& route : {Route{"celery", 0}, Route{"celery", 3}, Route{"main-queue", 0}}) {
        watch();
        wait();
        publish({"a"}, route);
        expect_woken();
        reserve(w, {.routes = {route}});
    }
}

TEST_P(Waiting, is_ended_by_a_message_that_came_before_it) {
    watch();
    publish({"a"});
    settle();
    wait();
    expect_woken();
}

TEST_P(Waiting, is_ended_by_what_is_promoted_or_given_back) {
    publish({"a"});
    auto other = worker("w2");
    const auto message = take(other).at(0);
    watch();
    wait();
    complete(other, message, {Push{.route = {"celery", 0}, .front = true}});
    expect_woken();
    take(w);
    run(client->publish({.route = {"celery", 3}, .envelope = envelope("b"), .id = "b", .due = world->now() + 1h}));
    watch();
    wait();
    run(w.broker->promote(w.who, 500, true));
    expect_woken();
}

TEST_P(Waiting, is_not_ended_by_other_queues_or_by_bookkeeping) {
    auto other = worker("w2");
    watch();
    wait();
    publish({"a"}, {"other", 0});
    reserve(other, {.routes = {{"other", 0}}});
    run(other.broker->renew({.who = other.who, .lease = 1000h}));
    settle();
    EXPECT_FALSE(woken);
    publish({"b"});
    expect_woken();
}

TEST_P(Waiting, a_watch_tells_whether_there_may_be_something_already) {
    const std::vector<Route> routes{{"celery", 0}, {"celery", 3}};
    publish({"a"}, {"celery", 3});
    EXPECT_TRUE(run(w.broker->watch(routes)));
    reserve(w, {.routes = routes});
    EXPECT_FALSE(run(w.broker->watch(routes)));
}

TEST_P(Waiting, is_ended_by_its_owner) {
    watch();
    wait();
    w.broker->interrupt_wait();
    expect_woken();
}

TEST_P(Waiting, is_ended_by_a_reconnect_and_watches_again_after_it) {
    watch();
    wait();
    w.broker->reconnect();
    expect_woken();
    settle();
    watch();
    wait();
    publish({"a"});
    expect_woken();
}

TEST_P(Waiting, for_delayed_is_ended_by_an_earlier_head) {
    auto at = [&](const std::string& id, std::chrono::hours in) {
        run(client->publish(
            {.route = {"celery", 0}, .envelope = envelope(id), .id = id, .due = world->now() + in}));
    };
    at("first", 5h);
    // The first call may return at once, to have its caller look again.
    bool returned = false;
    world->start(w.broker->wait_for_delayed(0ms), returned);
    world->until([&] { return returned; });
    settle();
    run(w.broker->wait_for_delayed(0ms));

    world->start(w.broker->wait_for_delayed(1h), woken);
    at("later", 9h);
    settle();
    EXPECT_FALSE(woken);
    at("earlier", 1h);
    expect_woken();
}

TEST_P(Waiting, for_delayed_is_ended_by_a_retry_that_is_due_earlier) {
    publish({"a"});
    const auto message = take(w).at(0);
    run(w.broker->wait_for_delayed(0ms));
    settle();
    run(w.broker->wait_for_delayed(0ms));
    world->start(w.broker->wait_for_delayed(1h), woken);
    complete(w, message, {Delay{.route = {"celery", 0}, .due = world->now() + 1h, .id = "a"}});
    expect_woken();
}

TEST_P(Waiting, for_delayed_is_ended_by_a_reconnect) {
    run(w.broker->wait_for_delayed(0ms));
    settle();
    run(w.broker->wait_for_delayed(0ms));
    world->start(w.broker->wait_for_delayed(1h), woken);
    w.broker->reconnect();
    expect_woken();
}

}  // namespace
}  // namespace samovar::broker
