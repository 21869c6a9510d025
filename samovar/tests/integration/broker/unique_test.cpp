// Messages of which one is enough: the claim that the first one has, and its end.
#include "broker_test.hpp"

namespace samovar::broker {
namespace {

class UniqueMessages : public BrokerTest {
protected:
    Worker w = worker("w1");

    Published send(const std::string& id, const std::string& key = "shop:mail:k", Outgoing like = {}) {
        like.route = {"celery", 0};
        like.envelope = envelope(id);
        like.id = id;
        like.unique = Claim{.key = key, .life = 1h};
        return run(client->publish(std::move(like)));
    }
    Completed end(const Reserved& message, const std::string& id, const std::string& key = "shop:mail:k") {
        return complete(w, message, {EndClaim{.key = key, .task_id = id}});
    }
};
INSTANTIATE_TEST_SUITE_P(On, UniqueMessages, every_store, store_name);

TEST_P(UniqueMessages, the_second_is_not_sent_and_stands_for_the_first) {
    const auto first = send("a");
    EXPECT_TRUE(first.sent);
    EXPECT_EQ(first.id, "a");
    const auto second = send("b");
    EXPECT_FALSE(second.sent);
    EXPECT_EQ(second.id, "a");
    EXPECT_EQ(queue(), envelopes({"a"}));
}

TEST_P(UniqueMessages, other_keys_are_others) {
    send("a");
    EXPECT_TRUE(send("b", "shop:mail:other").sent);
    EXPECT_TRUE(send("c", "other:mail:k").sent);
}

TEST_P(UniqueMessages, the_claim_ends_with_its_task) {
    send("a");
    EXPECT_EQ(end(take(w).at(0), "a"), Completed::done);
    EXPECT_TRUE(send("b").sent);
}

TEST_P(UniqueMessages, the_claim_of_another_stays) {
    publish({"stranger"});
    send("a");
    end(take(w, 1).at(0), "stranger");
    EXPECT_FALSE(send("b").sent);
}

TEST_P(UniqueMessages, an_end_that_is_not_ours_ends_no_claim) {
    send("a");
    auto dead = worker("dead");
    const auto message = take(dead).at(0);
    die(dead, w);
    EXPECT_EQ(complete(dead, message, {EndClaim{.key = "shop:mail:k", .task_id = "a"}}), Completed::gone);
    EXPECT_FALSE(send("b").sent);
}

TEST_P(UniqueMessages, are_also_those_of_a_time_to_come) {
    EXPECT_TRUE(send("a", "shop:mail:k", {.due = world->now() + 1h}).sent);
    EXPECT_EQ(send("b", "shop:mail:k", {.due = world->now() + 1h}).id, "a");
    EXPECT_EQ(world->view().delayed.size(), 1u);
    const auto member = run(client->find_delayed("a")).at(0).member;
    run(client->cancel_delayed({.member = member, .task_id = "a", .result = {}, .claim = "shop:mail:k"}));
    EXPECT_TRUE(send("c").sent) << "a cancelled one has ended";
}

TEST_P(UniqueMessages, sent_once_and_again_with_the_same_id_are_one) {
    EXPECT_TRUE(send("a", "shop:mail:k", {.once = true}).sent);
    const auto again = send("a", "shop:mail:k", {.once = true});
    EXPECT_FALSE(again.sent);
    EXPECT_EQ(again.id, "a");
    EXPECT_EQ(queue(), envelopes({"a"}));
    EXPECT_EQ(send("b", "shop:mail:k", {.once = true}).id, "a");
}

TEST_P(UniqueMessages, one_that_was_refused_is_not_marked_as_sent) {
    send("a");
    EXPECT_FALSE(send("b", "shop:mail:k", {.once = true}).sent);
    end(take(w).at(0), "a");
    EXPECT_TRUE(send("b", "shop:mail:k", {.once = true}).sent);
}

TEST(UniqueMessagesInTime, a_claim_ends_with_its_life) {
    // Redis does this by itself; what is tested is that it is asked to.
    const auto world = make_world(Store::memory);
    const auto broker = world->connect();
    const auto send = [&](const std::string& id) {
        return world->run(broker->publish({.route = {"celery", 0},
                                           .envelope = envelope(id),
                                           .id = id,
                                           .unique = Claim{.key = "k", .life = 10min}}));
    };
    EXPECT_TRUE(send("a").sent);
    world->advance(9min);
    EXPECT_FALSE(send("b").sent);
    world->advance(1min);
    EXPECT_TRUE(send("b").sent);
}

}  // namespace
}  // namespace samovar::broker
