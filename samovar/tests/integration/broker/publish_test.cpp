#include "broker_test.hpp"

namespace samovar::broker {
namespace {

class Publish : public BrokerTest {};
INSTANTIATE_TEST_SUITE_P(On, Publish, every_store, store_name);

TEST_P(Publish, messages_queue_in_the_order_of_publishing) {
    publish({"a", "b"});
    EXPECT_TRUE(run(client->publish({.route = {"celery", 0}, .envelope = envelope("c"), .id = "c"})).sent);
    EXPECT_EQ(queue(), envelopes({"a", "b", "c"}));
}

TEST_P(Publish, each_priority_step_has_a_queue_of_its_own) {
    publish({"a"}, {"celery", 0});
    publish({"b"}, {"celery", 9});
    publish({"c"}, {"other", 3});
    const auto view = world->view();
    EXPECT_EQ(view.queues.at({"celery", 0}), envelopes({"a"}));
    EXPECT_EQ(view.queues.at({"celery", 9}), envelopes({"b"}));
    EXPECT_EQ(view.queues.at({"other", 3}), envelopes({"c"}));
}

TEST_P(Publish, for_a_time_to_come_waits_when_a_worker_promotes) {
    const auto promoter = worker("w1");
    const auto due = world->now() + 1h;
    run(client->publish({.route = {"celery", 3}, .envelope = envelope("a"), .id = "a", .due = due}));
    const auto view = world->view();
    ASSERT_EQ(view.delayed.size(), 1u);
    EXPECT_EQ(view.delayed[0].due, due);
    EXPECT_EQ(view.delayed[0].route, (Route{"celery", 3}));
    EXPECT_EQ(view.delayed[0].envelope, envelope("a"));
    EXPECT_TRUE(view.queues.empty());
}

TEST_P(Publish, for_a_time_to_come_is_queued_when_nobody_promotes) {
    run(client->publish({.route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .due = world->now() + 1h}));
    EXPECT_EQ(queue(), envelopes({"a"}));
    EXPECT_TRUE(world->view().delayed.empty());
}

TEST_P(Publish, for_a_time_passed_is_queued) {
    const auto promoter = worker("w1");
    run(client->publish({.route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .due = world->now() - 1s}));
    EXPECT_EQ(queue(), envelopes({"a"}));
}

TEST_P(Publish, once_is_published_once) {
    const Outgoing message{.route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .once = true};
    EXPECT_TRUE(run(client->publish(message)).sent);
    EXPECT_FALSE(run(client->publish(message)).sent);
    EXPECT_FALSE(run(world->connect()->publish(message)).sent);
    EXPECT_EQ(queue(), envelopes({"a"}));
}

TEST_P(Publish, once_at_a_time_to_come_is_published_once) {
    const auto promoter = worker("w1");
    const Outgoing message{
        .route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .due = world->now() + 1h, .once = true};
    EXPECT_TRUE(run(client->publish(message)).sent);
    EXPECT_FALSE(run(client->publish(message)).sent);
    EXPECT_EQ(world->view().delayed.size(), 1u);
}

TEST_P(Publish, without_once_the_same_id_is_published_again) {
    publish({"a"});
    publish({"a"});
    EXPECT_EQ(queue(), envelopes({"a", "a"}));
}

TEST_P(Publish, many_with_and_without_a_time) {
    const auto promoter = worker("w1");
    std::vector<Outgoing> messages;
    for (int i = 0; i < 1'200; ++i) {
        const auto id = fmt::format("{:04}", i);
        messages.push_back({.route = {"celery", 0}, .envelope = envelope(id), .id = id});
        if (i % 2 == 1) messages.back().due = world->now() + 1h;
    }
    run(client->publish_many(std::move(messages)));
    const auto view = world->view();
    EXPECT_EQ(view.queues.at({"celery", 0}).size(), 600u);
    EXPECT_EQ(view.queues.at({"celery", 0}).front(), envelope("0000"));
    EXPECT_EQ(view.queues.at({"celery", 0}).back(), envelope("1198"));
    EXPECT_EQ(view.delayed.size(), 600u);
}

TEST_P(Publish, nothing_to_publish_is_no_error) {
    run(client->publish_many({}));
    EXPECT_TRUE(world->view().queues.empty());
}

}  // namespace
}  // namespace samovar::broker
