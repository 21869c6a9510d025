#include "broker_test.hpp"

namespace samovar::broker {
namespace {

class Publish : public BrokerTest {};
INSTANTIATE_TEST_SUITE_P(On, Publish, every_store, store_name);

TEST_P(Publish, MessagesQueueInTheOrderOfPublishing) {
    publish({"a", "b"});
    EXPECT_TRUE(run(client->publish({.route = {"celery", 0}, .envelope = envelope("c"), .id = "c"})).sent);
    EXPECT_EQ(queue(), envelopes({"a", "b", "c"}));
}

TEST_P(Publish, EachPriorityStepHasAQueueOfItsOwn) {
    publish({"a"}, {"celery", 0});
    publish({"b"}, {"celery", 9});
    publish({"c"}, {"other", 3});
    const auto view = world->view();
    EXPECT_EQ(view.queues.at({"celery", 0}), envelopes({"a"}));
    EXPECT_EQ(view.queues.at({"celery", 9}), envelopes({"b"}));
    EXPECT_EQ(view.queues.at({"other", 3}), envelopes({"c"}));
}

TEST_P(Publish, ForATimeToComeWaitsWhenAWorkerPromotes) {
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

TEST_P(Publish, ForATimeToComeIsQueuedWhenNobodyPromotes) {
    run(client->publish({.route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .due = world->now() + 1h}));
    EXPECT_EQ(queue(), envelopes({"a"}));
    EXPECT_TRUE(world->view().delayed.empty());
}

TEST_P(Publish, ForATimePassedIsQueued) {
    const auto promoter = worker("w1");
    run(client->publish({.route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .due = world->now() - 1s}));
    EXPECT_EQ(queue(), envelopes({"a"}));
}

TEST_P(Publish, OnceIsPublishedOnce) {
    const Outgoing message{.route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .once = true};
    EXPECT_TRUE(run(client->publish(message)).sent);
    EXPECT_FALSE(run(client->publish(message)).sent);
    EXPECT_FALSE(run(world->connect()->publish(message)).sent);
    EXPECT_EQ(queue(), envelopes({"a"}));
}

TEST_P(Publish, OnceAtATimeToComeIsPublishedOnce) {
    const auto promoter = worker("w1");
    const Outgoing message{
        .route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .due = world->now() + 1h, .once = true};
    EXPECT_TRUE(run(client->publish(message)).sent);
    EXPECT_FALSE(run(client->publish(message)).sent);
    EXPECT_EQ(world->view().delayed.size(), 1u);
}

TEST_P(Publish, WithoutOnceTheSameIdIsPublishedAgain) {
    publish({"a"});
    publish({"a"});
    EXPECT_EQ(queue(), envelopes({"a", "a"}));
}

TEST_P(Publish, ManyWithAndWithoutATime) {
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

TEST_P(Publish, NothingToPublishIsNoError) {
    run(client->publish_many({}));
    EXPECT_TRUE(world->view().queues.empty());
}

}  // namespace
}  // namespace samovar::broker
