#include "broker_test.hpp"

namespace samovar::broker {
namespace {

class Reserve : public BrokerTest {};
INSTANTIATE_TEST_SUITE_P(On, Reserve, every_store, store_name);

TEST_P(Reserve, takes_from_several_queues_in_their_order) {
    publish({"low"}, {"celery", 9});
    publish({"a", "b"}, {"celery", 0});
    publish({"c"}, {"main-queue", 0});
    auto w = worker("w1");
    const auto taken = reserve(
        w, {.routes = {{"main-queue", 0}, {"celery", 0}, {"empty", 3}, {"celery", 9}}, .max_messages = 10});
    EXPECT_FALSE(taken.lost);
    EXPECT_EQ(envelopes_of(taken.messages), envelopes({"c", "a", "b", "low"}));
    EXPECT_EQ(taken.messages[0].route, (Route{"main-queue", 0}));
    EXPECT_EQ(taken.messages[3].route, (Route{"celery", 9}));
    EXPECT_EQ(ids_of(taken.messages), (std::vector<std::string>{"w1:1:1", "w1:1:2", "w1:1:3", "w1:1:4"}));
    EXPECT_FALSE(taken.messages[0].suspect);
    const auto view = world->view();
    EXPECT_TRUE(view.queues.empty());
    EXPECT_EQ(view.held.at("w1").size(), 4u);
    EXPECT_EQ(view.held.at("w1")[3], (HeldView{"w1:1:4", Held::Mark::reserved, {"celery", 9}, envelope("low")}));
}

TEST_P(Reserve, takes_no_more_than_asked) {
    publish({"a", "b", "c"}, {"celery", 0});
    publish({"d"}, {"celery", 3});
    auto w = worker("w1");
    const auto first = reserve(w, {.routes = {{"celery", 0}, {"celery", 3}}, .max_messages = 2});
    EXPECT_EQ(envelopes_of(first.messages), envelopes({"a", "b"}));
    const auto second = reserve(w, {.routes = {{"celery", 0}, {"celery", 3}}, .max_messages = 2});
    EXPECT_EQ(envelopes_of(second.messages), envelopes({"c", "d"}));
}

TEST_P(Reserve, more_than_a_hundred_at_once_come_in_order) {
    std::vector<std::string> ids;
    for (int i = 0; i < 600; ++i) ids.push_back(fmt::format("{:03}", i));
    publish(ids);
    auto w = worker("w1");
    auto taken = envelopes_of(take(w, 500));
    EXPECT_EQ(taken.size(), 500u);
    for (const auto& message : envelopes_of(take(w, 500))) taken.push_back(message);
    EXPECT_EQ(taken, envelopes(ids));
}

TEST_P(Reserve, takes_no_more_bytes_than_asked) {
    publish({"a", "b", "c", "d"});
    auto w = worker("w1");
    const auto two = 2 * envelope("a").size();
    EXPECT_EQ(envelopes_of(reserve(w, {.max_messages = 10, .max_bytes = two}).messages), envelopes({"a", "b"}));
    EXPECT_EQ(envelopes_of(reserve(w, {.max_messages = 10, .max_bytes = two + 1}).messages),
              envelopes({"c", "d"}));
}

TEST_P(Reserve, a_single_larger_message_is_taken) {
    publish({"a", "b"});
    auto w = worker("w1");
    EXPECT_EQ(envelopes_of(reserve(w, {.max_messages = 10, .max_bytes = 10}).messages), envelopes({"a"}));
}

TEST_P(Reserve, a_large_message_is_not_overtaken_by_a_less_urgent_one) {
    const auto large = "{" + std::string(5'000, ' ') + "}";
    publish({"a"}, {"celery", 0});
    run(client->publish({.route = {"celery", 0}, .envelope = large, .id = "large"}));
    publish({"later"}, {"celery", 9});
    auto w = worker("w1");
    const ReserveOptions options{.routes = {{"celery", 0}, {"celery", 9}}, .max_messages = 10, .max_bytes = 5'100};
    EXPECT_EQ(envelopes_of(reserve(w, options).messages), envelopes({"a"}));
    EXPECT_EQ(envelopes_of(reserve(w, options).messages), (std::vector<std::string>{large}));
    EXPECT_EQ(envelopes_of(reserve(w, options).messages), envelopes({"later"}));
}

TEST_P(Reserve, a_few_large_messages_behind_many_small_ones) {
    const std::string large = "{" + std::string(300'000, ' ') + "}";
    std::vector<std::string> ids;
    for (int i = 0; i < 100; ++i) ids.push_back(fmt::format("{:02}", i));
    publish(ids);
    for (int i = 0; i < 8; ++i) run(client->publish({.route = {"celery", 0}, .envelope = large, .id = "x"}));
    auto w = worker("w1");
    EXPECT_EQ(take(w, 500).size(), 103u);
    EXPECT_EQ(take(w, 500).size(), 3u);
    EXPECT_EQ(take(w, 500).size(), 2u);
}

TEST_P(Reserve, an_empty_queue_gives_nothing) {
    auto w = worker("w1");
    const auto taken = reserve(w, {.max_messages = 10});
    EXPECT_FALSE(taken.lost);
    EXPECT_TRUE(taken.messages.empty());
    EXPECT_TRUE(taken.refused.empty());
}

TEST_P(Reserve, who_is_not_registered_gets_nothing) {
    publish({"a"});
    Worker stranger{world->connect(), {"stranger", "worker@x", 1}};
    EXPECT_TRUE(reserve(stranger, {.max_messages = 10}).lost);
    EXPECT_EQ(queue(), envelopes({"a"}));
}

TEST_P(Reserve, a_repeated_batch_answers_what_its_first_call_took) {
    publish({"a", "b", "c"});
    auto w = worker("w1");
    const auto first = reserve(w, {.max_messages = 2});
    w.batch = 0;
    const auto again = reserve(w, {.max_messages = 2});
    EXPECT_EQ(ids_of(again.messages), ids_of(first.messages));
    EXPECT_EQ(envelopes_of(again.messages), envelopes_of(first.messages));
    EXPECT_EQ(again.messages[1].route, first.messages[1].route);
    EXPECT_EQ(queue(), envelopes({"c"}));
    EXPECT_EQ(envelopes_of(take(w)), envelopes({"c"}));
}

TEST_P(Reserve, a_repeated_batch_that_names_other_queues_knows_where_its_messages_came_from) {
    publish({"a"}, {"main-queue", 3});
    auto w = worker("w1");
    reserve(w, {.routes = {{"main-queue", 3}}});
    w.batch = 0;
    const auto again = reserve(w, {.routes = {{"celery", 0}}});
    ASSERT_EQ(again.messages.size(), 1u);
    EXPECT_EQ(again.messages[0].route, (Route{"main-queue", 3}));
}

TEST_P(Reserve, a_repeated_batch_keeps_the_numbers_of_those_that_are_left) {
    publish({"a", "b", "c"});
    auto w = worker("w1");
    const auto first = take(w);
    complete(w, first[1]);
    w.batch = 0;
    const auto again = take(w);
    EXPECT_EQ(ids_of(again), (std::vector<std::string>{"w1:1:1", "w1:1:3"}));
    EXPECT_EQ(envelopes_of(again), envelopes({"a", "c"}));
}

TEST_P(Reserve, a_batch_that_arrives_late_takes_nothing) {
    auto w = worker("w1");
    EXPECT_TRUE(take(w).empty());
    EXPECT_TRUE(take(w).empty());
    publish({"a"});
    w.batch = 0;
    EXPECT_TRUE(take(w).empty());
    EXPECT_EQ(queue(), envelopes({"a"}));
    w.batch = 2;
    EXPECT_EQ(envelopes_of(take(w)), envelopes({"a"}));
    w.batch = 1;
    publish({"b"});
    EXPECT_TRUE(take(w).empty());
    EXPECT_EQ(world->view().held.at("w1").size(), 1u);
}

TEST_P(Reserve, an_empty_batch_that_is_repeated_takes_nothing) {
    auto w = worker("w1");
    EXPECT_TRUE(take(w).empty());
    publish({"a"});
    w.batch = 0;
    EXPECT_TRUE(take(w).empty());
    EXPECT_EQ(envelopes_of(take(w)), envelopes({"a"}));
}

TEST_P(Reserve, what_is_no_json_object_goes_to_the_dead_letters) {
    const std::vector<std::string> bad = {"garbage", "[1, 2]", "", "{", "{\"id\": \"x\"", "\xff\xfe{}"};
    for (const auto& bytes : bad) run(client->publish({.route = {"celery", 0}, .envelope = bytes, .id = "x"}));
    publish({"a"});
    auto w = worker("w1");
    const auto taken = reserve(w, {.max_messages = 10});
    EXPECT_EQ(envelopes_of(taken.messages), envelopes({"a"}));
    ASSERT_EQ(taken.refused.size(), bad.size());
    EXPECT_EQ(taken.refused[0].queue, "celery");
    EXPECT_EQ(taken.refused[0].reason, "not a JSON object");
    EXPECT_EQ(taken.refused[0].task_id, "");
    EXPECT_EQ(taken.refused[4].task_id, "x");
    const auto view = world->view();
    ASSERT_EQ(view.dead.size(), bad.size());
    EXPECT_THAT(view.dead_envelopes, ::testing::UnorderedElementsAreArray(bad));
    EXPECT_EQ(view.held.at("w1").size(), 1u);
}

TEST_P(Reserve, a_message_over_the_size_limit_goes_to_the_dead_letters_with_its_label) {
    const auto large = R"({"body": ")" + std::string(3'000, 'x') +
                       R"(", "headers": {"task": "proj.add", "root_id": "r", "id": "the-id"}})";
    run(client->publish({.route = {"main-queue", 6}, .envelope = large, .id = "the-id"}));
    auto w = worker("w1");
    const auto taken = reserve(w, {.routes = {{"main-queue", 6}}, .max_messages = 10, .max_message_size = 2'000});
    ASSERT_EQ(taken.refused.size(), 1u);
    EXPECT_EQ(taken.refused[0].task_id, "the-id");
    EXPECT_EQ(taken.refused[0].task, "proj.add");
    EXPECT_EQ(taken.refused[0].queue, "main-queue");
    EXPECT_EQ(taken.refused[0].reason,
              fmt::format("message of {} bytes is over the limit of 2000 bytes", large.size()));
    const auto letters = run(client->dead_letters(0, 10));
    ASSERT_EQ(letters.size(), 1u);
    EXPECT_EQ(letters[0].id, "the-id");
    EXPECT_EQ(letters[0].task, "proj.add");
    EXPECT_EQ(letters[0].queue, "main-queue");
    EXPECT_EQ(letters[0].reason, taken.refused[0].reason);
    EXPECT_EQ(letters[0].size, large.size());
}

TEST_P(Reserve, only_refused_messages_leave_nothing_held) {
    run(client->publish({.route = {"celery", 0}, .envelope = "garbage", .id = "x"}));
    auto w = worker("w1");
    EXPECT_EQ(reserve(w, {.max_messages = 10}).refused.size(), 1u);
    EXPECT_TRUE(world->view().held.empty());
    EXPECT_EQ(run(w.broker->renew({.who = w.who, .lease = 1000h})).held, 0u);
}

TEST_P(Reserve, a_queues_name_may_hold_anything) {
    const Route odd{"a \"quoted\" \\ queue: \n \x06\x16 зелёный чай", 6};
    publish({"a"}, odd);
    auto w = worker("w1");
    auto taken = reserve(w, {.routes = {odd}});
    ASSERT_EQ(taken.messages.size(), 1u);
    EXPECT_EQ(taken.messages[0].route, odd);
    EXPECT_EQ(complete(w, taken.messages[0], {Push{.route = odd, .front = true}}), Completed::done);
    EXPECT_EQ(queue(odd), envelopes({"a"}));
}

}  // namespace
}  // namespace samovar::broker
