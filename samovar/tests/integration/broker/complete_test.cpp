#include "broker_test.hpp"

namespace samovar::broker {
namespace {

class Complete : public BrokerTest {};
INSTANTIATE_TEST_SUITE_P(On, Complete, every_store, store_name);

TEST_P(Complete, stores_the_result_and_ends_the_reservation) {
    publish({"a"});
    auto w = worker("w1");
    const auto message = take(w).at(0);
    EXPECT_EQ(complete(w, {.reservation = message.id, .result = {{"a", success_document("a")}}}), Completed::done);
    EXPECT_EQ(world->result("a"), success_document("a"));
    EXPECT_TRUE(world->view().messages().empty());
}

TEST_P(Complete, a_repeated_completion_changes_nothing) {
    publish({"a"});
    auto w = worker("w1");
    const auto message = take(w).at(0);
    const Completion completion{.reservation = message.id,
                                .result = {{"a", success_document("a")}},
                                .moves = {Push{.route = {"next", 0}, .envelope = envelope("b")}}};
    EXPECT_EQ(complete(w, completion), Completed::done);
    EXPECT_EQ(complete(w, completion), Completed::gone);
    EXPECT_EQ(queue({"next", 0}), envelopes({"b"}));
}

TEST_P(Complete, the_same_reservation_twice_in_one_call_counts_once) {
    publish({"a"});
    auto w = worker("w1");
    const auto message = take(w).at(0);
    const Completion completion{.reservation = message.id,
                                .moves = {Push{.route = {"next", 0}, .envelope = envelope("b")}}};
    EXPECT_THAT(run(w.broker->complete(w.who, {.completions = {completion, completion}})).completed,
                ElementsAre(Completed::done, Completed::gone));
    EXPECT_EQ(queue({"next", 0}), envelopes({"b"}));
}

TEST_P(Complete, many_at_once_are_judged_each_by_itself) {
    publish({"a", "b", "c"});
    auto w = worker("w1");
    const auto messages = take(w);
    complete(w, messages[1]);
    std::vector<Completion> all;
    for (const auto& message : messages)
        all.push_back({.reservation = message.id, .result = {{message.id, success_document(message.id)}}});
    EXPECT_THAT(run(w.broker->complete(w.who, {all})).completed,
                ElementsAre(Completed::done, Completed::gone, Completed::done));
    EXPECT_TRUE(world->result(messages[0].id));
    EXPECT_FALSE(world->result(messages[1].id));
    EXPECT_TRUE(world->result(messages[2].id));
}

TEST_P(Complete, results_of_others_are_stored_while_the_reservation_stands) {
    publish({"a"});
    auto w = worker("w1");
    const auto message = take(w).at(0);
    std::vector<ResultWrite> others;
    for (std::size_t i = 0; i <= most_per_call; ++i) {
        const auto id = "other-" + std::to_string(i);
        others.push_back({id, failure_document(id)});
    }
    Completion completion{.reservation = message.id, .result = {{"a", failure_document("a")}}};
    completion.others = others;
    EXPECT_EQ(complete(w, completion), Completed::done);
    EXPECT_EQ(world->result("a"), failure_document("a"));
    for (const auto& other : others) EXPECT_EQ(world->result(other.task_id), other.document);
    completion.others = {{"late", failure_document("late")}};
    EXPECT_EQ(complete(w, completion), Completed::gone);
    EXPECT_FALSE(world->result("late"));
}

TEST_P(Complete, results_of_others_do_not_replace_a_success) {
    publish({"a", "b"});
    auto w = worker("w1");
    const auto messages = take(w);
    complete(w, {.reservation = messages.at(0).id, .result = {{"other", success_document("other")}}});
    Completion completion{.reservation = messages.at(1).id};
    completion.others = {{"other", failure_document("other")}};
    EXPECT_EQ(complete(w, completion), Completed::done);
    EXPECT_EQ(world->result("other"), success_document("other"));
}

TEST_P(Complete, a_reservation_that_never_was_is_gone) {
    auto w = worker("w1");
    EXPECT_EQ(complete(w, {.reservation = "w1:7:7"}), Completed::gone);
    EXPECT_EQ(complete(w, {.reservation = "nonsense"}), Completed::gone);
    EXPECT_EQ(complete(w, {.reservation = ""}), Completed::gone);
}

TEST_P(Complete, nothing_to_complete_is_no_error) {
    auto w = worker("w1");
    EXPECT_TRUE(run(w.broker->complete(w.who, {})).completed.empty());
}

TEST_P(Complete, moves_the_message_itself_byte_for_byte) {
    const std::string odd = R"({"a": [], "b": 12345678901234567890, "c": 1.0, "d": {},"е":"\u0436"  })";
    for (int i = 0; i < 4; ++i) run(client->publish({.route = {"celery", 3}, .envelope = odd, .id = "x"}));
    auto w = worker("w1");
    const auto messages = reserve(w, {.routes = {{"celery", 3}}, .max_messages = 10}).messages;
    const auto due = world->now() + 1h;
    complete(w, messages[0], {Push{.route = {"one", 0}}});
    complete(w, messages[1], {Push{.route = {"two", 6}, .front = true}});
    complete(w, messages[2], {Delay{.route = {"three", 9}, .due = due, .id = "x"}});
    complete(w, messages[3], {Bury{.route = {"celery", 3}, .id = "x", .task = "t", .reason = "no"}});
    const auto view = world->view();
    EXPECT_EQ(view.queues.at({"one", 0}), (std::vector<std::string>{odd}));
    EXPECT_EQ(view.queues.at({"two", 6}), (std::vector<std::string>{odd}));
    ASSERT_EQ(view.delayed.size(), 1u);
    EXPECT_EQ(view.delayed[0].due, due);
    EXPECT_EQ(view.delayed[0].route, (Route{"three", 9}));
    EXPECT_EQ(view.delayed[0].envelope, odd);
    EXPECT_EQ(view.dead_envelopes, (std::vector<std::string>{odd}));
    EXPECT_TRUE(view.held.empty());
}

TEST_P(Complete, back_is_served_last_and_front_first) {
    publish({"a", "b", "c"});
    auto w = worker("w1");
    const auto two = take(w, 2);
    complete(w, two[0], {Push{.route = {"celery", 0}}});
    complete(w, two[1], {Push{.route = {"celery", 0}, .front = true}});
    EXPECT_EQ(queue(), envelopes({"b", "c", "a"}));
}

TEST_P(Complete, one_end_may_lead_to_several_messages) {
    publish({"a"});
    auto w = worker("w1");
    const auto message = take(w).at(0);
    complete(w, {.reservation = message.id,
                 .result = {{"a", success_document("a")}},
                 .moves = {
                     Push{.route = {"celery", 0}, .envelope = envelope("b")},
                     Push{.route = {"celery", 0}, .envelope = envelope("c")},
                     Delay{.route = {"celery", 0}, .envelope = envelope("d"), .due = world->now() + 1h, .id = "d"},
                     Bury{.route = {"celery", 0}, .id = "a", .reason = "first"},
                     Bury{.route = {"celery", 0}, .envelope = envelope("e"), .id = "e", .reason = "second"}}});
    const auto view = world->view();
    EXPECT_EQ(view.queues.at({"celery", 0}), envelopes({"b", "c"}));
    EXPECT_EQ(view.delayed.size(), 1u);
    EXPECT_THAT(view.dead_envelopes, ::testing::UnorderedElementsAreArray(envelopes({"a", "e"})));
}

TEST_P(Complete, a_result_that_says_success_stands) {
    publish({"a", "b", "c"});
    auto w = worker("w1");
    const auto messages = take(w);
    complete(w, {.reservation = messages[0].id, .result = {{"x", failure_document("1")}}});
    EXPECT_EQ(world->result("x"), failure_document("1"));
    complete(w, {.reservation = messages[1].id, .result = {{"x", success_document("2")}}});
    EXPECT_EQ(world->result("x"), success_document("2"));
    complete(w, {.reservation = messages[2].id, .result = {{"x", failure_document("3")}}});
    EXPECT_EQ(world->result("x"), success_document("2"));
    run(w.broker->store_results({{"x", failure_document("4")}, {"y", failure_document("5")}}));
    EXPECT_EQ(world->result("x"), success_document("2"));
    EXPECT_EQ(world->result("y"), failure_document("5"));
}

TEST_P(Complete, a_result_that_says_success_stands_within_one_call_too) {
    publish({"a", "b"});
    auto w = worker("w1");
    const auto messages = take(w);
    run(w.broker->complete(
        w.who, {.completions = {{.reservation = messages[0].id, .result = {{"x", success_document("1")}}},
                                {.reservation = messages[1].id, .result = {{"x", failure_document("2")}}}}}));
    EXPECT_EQ(world->result("x"), success_document("1"));
    run(w.broker->store_results({{"y", success_document("3")}, {"y", failure_document("4")}}));
    EXPECT_EQ(world->result("y"), success_document("3"));
}

TEST_P(Complete, a_worker_that_was_reaped_can_neither_complete_nor_start_nor_reserve) {
    publish({"a", "b"});
    auto slow = worker("slow");
    auto reaper = worker("reaper");
    const auto held = take(slow, 1).at(0);
    const auto reaped = die(slow, reaper);
    EXPECT_EQ(reaped.incarnation, "slow");
    EXPECT_EQ(reaped.put_back, 1u);
    EXPECT_EQ(complete(slow, {.reservation = held.id,
                              .result = {{"a", success_document("a")}},
                              .moves = {Push{.route = {"next", 0}, .envelope = envelope("n")}}}),
              Completed::gone);
    EXPECT_FALSE(world->result("a"));
    EXPECT_TRUE(queue({"next", 0}).empty());
    EXPECT_FALSE(start(slow, held));
    EXPECT_TRUE(reserve(slow, {.max_messages = 1}).lost);
    EXPECT_TRUE(run(slow.broker->renew({.who = slow.who, .lease = 1000h})).lost);
    EXPECT_TRUE(run(slow.broker->retire(slow.who, 500)).lost);
    EXPECT_EQ(queue(), envelopes({"a", "b"}));
}

TEST_P(Complete, a_worker_whose_messages_run_elsewhere_cannot_end_their_new_reservations) {
    publish({"a"});
    auto slow = worker("slow");
    auto other = worker("other");
    const auto held = take(slow).at(0);
    die(slow, other);
    const auto again = take(other).at(0);
    EXPECT_EQ(complete(slow, held), Completed::gone);
    EXPECT_EQ(world->view().held.at("other").size(), 1u);
    EXPECT_EQ(complete(other, again), Completed::done);
}

TEST_P(Complete, two_messages_of_one_content_are_two_reservations) {
    publish({"same", "same"});
    auto one = worker("w1");
    auto two = worker("w2");
    const auto first = take(one, 1).at(0);
    const auto second = take(two, 1).at(0);
    EXPECT_EQ(complete(one, first), Completed::done);
    EXPECT_EQ(world->view().held.at("w2").size(), 1u);
    EXPECT_EQ(complete(two, second), Completed::done);
}

}  // namespace
}  // namespace samovar::broker
