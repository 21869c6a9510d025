// Limits that hold for all workers together, asked when handlers are about to start.
#include "broker_test.hpp"

namespace samovar::broker {
namespace {

using Answer = Started::Answer;

class Limits : public BrokerTest {
protected:
    Worker w = worker("w1");
    const Limit two{.name = "limit:shop:mail", .at_once = 2};
    const Limit alone{.name = "exclusive:shop:tidy", .at_once = 1};
    const Limit alone_or_never{.name = "exclusive:shop:tidy", .at_once = 1, .skip = true};
    const Limit spread{.name = "limit:shop:spread", .spacing = 1h};

    Started ask(Worker& by, const Reserved& message, std::vector<Limit> limits) {
        return start(by, {.reservation = message.id,
                          .suspect_fingerprint = message.fingerprint,
                          .late = true,
                          .id = message.envelope,
                          .limits = std::move(limits)});
    }
    Completed leave(Worker& by, const Reserved& message, const Limit& limit) {
        return complete(by, message, {FreePlace{.limit = limit.name}});
    }
    std::vector<std::string> delayed() {
        std::vector<std::string> messages;
        for (const auto& message : world->view().delayed) messages.push_back(message.envelope);
        return messages;
    }
    Promotion promote() { return run(w.broker->promote(w.who, 500, false)); }
};
INSTANTIATE_TEST_SUITE_P(On, Limits, every_store, store_name);

TEST_P(Limits, as_many_start_as_there_are_places_and_the_next_waits) {
    publish({"a", "b", "c"});
    const auto messages = take(w);
    EXPECT_EQ(ask(w, messages[0], {two}).answer, Answer::go);
    EXPECT_EQ(ask(w, messages[1], {two}).answer, Answer::go);
    EXPECT_EQ(ask(w, messages[2], {two}).answer, Answer::waits);
    EXPECT_EQ(delayed(), envelopes({"c"}));
    EXPECT_EQ(complete(w, messages[2]), Completed::gone) << "it is nobody's while it waits";
}

TEST_P(Limits, who_leaves_lets_in_what_waits_longest_at_the_consuming_end) {
    publish({"a", "b", "c", "d"});
    const auto messages = take(w);
    ask(w, messages[0], {alone});
    for (const auto n : {1U, 2U}) EXPECT_EQ(ask(w, messages[n], {alone}).answer, Answer::waits);
    publish({"later"});
    EXPECT_EQ(leave(w, messages[0], alone), Completed::done);
    EXPECT_EQ(queue(), envelopes({"b", "later"}));
    EXPECT_EQ(delayed(), envelopes({"c"}));
    EXPECT_EQ(ask(w, take(w, 1).at(0), {alone}).answer, Answer::go);
}

TEST_P(Limits, an_acknowledgement_without_leaving_frees_the_place_too) {
    publish({"a", "b"});
    const auto messages = take(w);
    ask(w, messages[0], {alone});
    complete(w, messages[0]);
    EXPECT_EQ(ask(w, messages[1], {alone}).answer, Answer::go);
}

TEST_P(Limits, a_place_is_kept_whatever_the_lease_says_until_the_reservation_is_taken_back) {
    publish({"a", "b"});
    auto stopped = worker("stopped");
    const auto held = take(stopped, 1).at(0);
    const auto first = ask(stopped, held, {alone_or_never});
    EXPECT_EQ(first.answer, Answer::go);
    world->end_lease(stopped.who);
    const auto other = take(w, 1).at(0);
    EXPECT_EQ(ask(w, other, {alone_or_never}).answer, Answer::taken) << "not taken for dead yet";
    run(w.broker->reap(sight(), 500));
    const auto second = ask(w, other, {alone_or_never});
    EXPECT_EQ(second.answer, Answer::go);
    EXPECT_GT(second.fence, first.fence);
    EXPECT_EQ(leave(stopped, held, alone_or_never), Completed::gone);
    EXPECT_EQ(ask(w, take(w, 1).at(0), {alone_or_never}).answer, Answer::taken) << "its place is not another's";
}

TEST_P(Limits, fencing_numbers_grow_from_run_to_run) {
    std::uint64_t last = 0;
    for (int i = 0; i < 3; ++i) {
        publish({std::to_string(i)});
        const auto message = take(w).at(0);
        const auto started = ask(w, message, {alone});
        EXPECT_GT(started.fence, last);
        last = started.fence;
        leave(w, message, alone);
    }
    publish({"unlimited"});
    EXPECT_EQ(ask(w, take(w).at(0), {}).fence, 0u);
}

TEST_P(Limits, asking_again_is_answered_with_the_same_number) {
    publish({"a"});
    const auto message = take(w).at(0);
    const auto first = ask(w, message, {alone});
    const auto again = ask(w, message, {alone});
    EXPECT_EQ(again.answer, Answer::go);
    EXPECT_EQ(again.fence, first.fence);
}

TEST_P(Limits, what_may_not_wait_stays_with_its_worker) {
    publish({"a", "b"});
    const auto messages = take(w);
    ask(w, messages[0], {alone_or_never});
    EXPECT_EQ(ask(w, messages[1], {alone_or_never}).answer, Answer::taken);
    EXPECT_THAT(delayed(), IsEmpty());
    EXPECT_EQ(complete(w, messages[1]), Completed::done);
}

TEST_P(Limits, all_of_them_have_to_have_room) {
    publish({"a", "b", "c"});
    const auto messages = take(w);
    ask(w, messages[0], {alone});
    EXPECT_EQ(ask(w, messages[1], {two, alone}).answer, Answer::waits);
    EXPECT_EQ(ask(w, messages[2], {two}).answer, Answer::go) << "what waits holds no place anywhere";
    publish({"d"});
    EXPECT_EQ(ask(w, take(w).at(0), {two}).answer, Answer::go);
}

TEST_P(Limits, places_of_a_dead_worker_are_let_to_what_waits) {
    publish({"a", "b"});
    auto victim = worker("victim");
    const auto held = take(victim, 1).at(0);
    start(victim, {.reservation = held.id, .id = "a", .limits = {alone}});
    EXPECT_EQ(ask(w, take(w, 1).at(0), {alone}).answer, Answer::waits);
    EXPECT_EQ(run(w.broker->let_waiting_in()), 0u);
    EXPECT_EQ(die(victim, w).set_aside, 1u) << "it was acknowledged early";
    EXPECT_EQ(run(w.broker->let_waiting_in()), 1u);
    EXPECT_EQ(queue(), envelopes({"b"}));
    EXPECT_EQ(ask(w, take(w).at(0), {alone}).answer, Answer::go);
}

TEST_P(Limits, starts_are_spread_and_each_waits_for_its_own_time) {
    publish({"a", "b", "c"});
    const auto messages = take(w);
    EXPECT_EQ(ask(w, messages[0], {spread}).answer, Answer::go);
    EXPECT_EQ(ask(w, messages[1], {spread}).answer, Answer::waits);
    EXPECT_EQ(ask(w, messages[2], {spread}).answer, Answer::waits);
    const auto waiting = world->view().delayed;
    ASSERT_EQ(waiting.size(), 2u);
    EXPECT_EQ(waiting[1].due - waiting[0].due, 1h);
    EXPECT_GT(waiting[0].due, world->now() + 59min);
    EXPECT_LE(waiting[0].due, world->now() + 1h);
}

TEST_P(Limits, what_comes_back_at_its_time_goes_to_the_front_and_starts) {
    const Limit fast{.name = "limit:shop:fast", .spacing = 2s};
    publish({"a", "b", "c"});
    const auto messages = take(w);
    for (const auto& message : messages) ask(w, message, {fast});
    world->advance(10s);
    publish({"later"});
    EXPECT_EQ(promote().moved, 2u);
    EXPECT_EQ(queue(), envelopes({"b", "c", "later"}));
    if (!world->moves_the_clock()) return;  // Redis would say that its time has not come
    EXPECT_EQ(ask(w, take(w, 1).at(0), {fast}).answer, Answer::go);
}

TEST_P(Limits, a_time_that_was_given_is_kept_when_it_is_asked_for_too_early) {
    publish({"a", "b"});
    const auto messages = take(w);
    ask(w, messages[0], {spread});
    ask(w, messages[1], {spread});
    const auto due = world->view().delayed.at(0).due;
    run(w.broker->promote(w.who, 500, true));
    EXPECT_EQ(ask(w, take(w).at(0), {spread}).answer, Answer::waits);
    EXPECT_EQ(world->view().delayed.at(0).due, due);
}

TEST_P(Limits, an_early_acknowledged_start_is_marked_only_when_it_goes) {
    publish({"a", "b"});
    auto other = worker("w2");
    const auto messages = take(other);
    const auto early = [&](const Reserved& message) {
        return start(other, {.reservation = message.id, .id = message.envelope, .limits = {alone_or_never}});
    };
    EXPECT_EQ(early(messages[0]).answer, Answer::go);
    EXPECT_EQ(early(messages[1]).answer, Answer::taken);
    EXPECT_EQ(die(other, w).set_aside, 1u);
    EXPECT_EQ(queue(), envelopes({"b"}));
}

}  // namespace
}  // namespace samovar::broker
