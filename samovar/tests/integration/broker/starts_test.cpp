// What a worker says that starts, and what is known of the rest when it dies.
#include "broker_test.hpp"

namespace samovar::broker {
namespace {

class Starts : public BrokerTest {
protected:
    Worker reaper = worker("reaper");

    /// Of what is in the queue, in its order, whether it is suspected.
    std::vector<bool> suspects_now() {
        auto next = worker("next");
        std::vector<bool> suspects;
        for (const auto& message : take(next)) suspects.push_back(message.suspect);
        return suspects;
    }
};
INSTANTIATE_TEST_SUITE_P(On, Starts, every_store, store_name);

TEST_P(Starts, what_had_not_started_is_not_suspected) {
    publish({"a", "b", "c", "d"});
    auto victim = worker("victim");
    const auto messages = reserve(victim, {.max_messages = 4, .may_start = 1}).messages;
    EXPECT_EQ(messages[2].place, place_of(1, 3));
    EXPECT_EQ(die(victim, reaper).put_back, 4U);
    EXPECT_THAT(suspects_now(), ElementsAre(true, false, false, false));
}

TEST_P(Starts, a_reservation_that_lets_none_start_lets_none_of_those_before_start_either) {
    publish({"a", "b", "c"});
    auto victim = worker("victim");
    reserve(victim, {.max_messages = 2, .may_start = 1});
    reserve(victim, {.max_messages = 1, .may_start = 0});
    die(victim, reaper);
    EXPECT_THAT(suspects_now(), ElementsAre(true, false, false));
}

TEST_P(Starts, a_completion_says_what_starts_next) {
    publish({"a", "b", "c", "d"});
    auto victim = worker("victim");
    const auto messages = reserve(victim, {.max_messages = 4, .may_start = 1}).messages;
    run(victim.broker->complete(victim.who,
                                {.completions = {{.reservation = messages[0].id}}, .may_start = place_of(1, 2)}));
    run(victim.broker->complete(victim.who,
                                {.completions = {{.reservation = messages[1].id}}, .may_start = place_of(1, 3)}));
    // It was on its way for longer than the one before it.
    run(victim.broker->complete(victim.who, {.may_start = place_of(1, 1)}));
    EXPECT_EQ(die(victim, reaper).put_back, 2U);
    EXPECT_THAT(suspects_now(), ElementsAre(true, false));
}

TEST_P(Starts, one_that_is_named_as_started_is_suspected_wherever_it_stands) {
    publish({"a", "b", "c"});
    auto victim = worker("victim");
    const auto messages = reserve(victim, {.max_messages = 3, .may_start = 0}).messages;
    start(victim, {.reservation = messages[1].id, .late = true});
    die(victim, reaper);
    EXPECT_THAT(suspects_now(), ElementsAre(false, true, false));
}

TEST_P(Starts, a_repeated_reservation_says_again_what_may_start) {
    publish({"a", "b"});
    auto victim = worker("victim");
    reserve(victim, {.max_messages = 2, .may_start = 0});
    --victim.batch;
    EXPECT_EQ(reserve(victim, {.max_messages = 2, .may_start = 1}).messages.size(), 2U);
    die(victim, reaper);
    EXPECT_THAT(suspects_now(), ElementsAre(true, false));
}

TEST_P(Starts, early_acknowledgements_ride_with_a_completion) {
    publish({"a", "b", "c"});
    auto victim = worker("victim");
    const auto messages = take(victim);
    const auto stepped = run(victim.broker->complete(
        victim.who, {.completions = {{.reservation = messages[0].id}},
                     .starts = {marked(messages[1].id), marked(messages[0].id), marked("victim:9:9")}}));
    EXPECT_THAT(stepped.completed, ElementsAre(Completed::done));
    std::vector<Started::Answer> answers;
    for (const auto& started : stepped.started) answers.push_back(started.answer);
    using enum Started::Answer;
    EXPECT_THAT(answers, ElementsAre(go, gone, gone));
    const auto reaped = die(victim, reaper);
    EXPECT_EQ(reaped.set_aside, 1U);
    EXPECT_EQ(reaped.put_back, 1U);
}

TEST_P(Starts, a_call_of_one_that_was_reaped_leaves_nothing_behind) {
    publish({"a"});
    auto victim = worker("victim");
    const auto message = take(victim).at(0);
    die(victim, reaper);
    const auto stepped = run(victim.broker->complete(
        victim.who, {.completions = {{.reservation = message.id}}, .may_start = place_of(9, 9)}));
    EXPECT_THAT(stepped.completed, ElementsAre(Completed::gone));
    EXPECT_EQ(world->view().workers, (std::vector<std::string>{"reaper"}));
    EXPECT_TRUE(world->view().held.empty());
}

}  // namespace
}  // namespace samovar::broker
