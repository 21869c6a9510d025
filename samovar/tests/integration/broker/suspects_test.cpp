// What becomes of the messages of a worker that died, and who is blamed.
#include "broker_test.hpp"

namespace samovar::broker {
namespace {

class Suspects : public BrokerTest {
protected:
    Worker reaper = worker("reaper");

    /// A worker takes what there is, starts the suspects among it, and dies.
    Reaped die_with_everything(const std::string& incarnation) {
        auto victim = worker(incarnation);
        for (const auto& message : take(victim))
            if (message.suspect) start(victim, message);
        return die(victim, reaper);
    }
};
INSTANTIATE_TEST_SUITE_P(On, Suspects, every_store, store_name);

TEST_P(Suspects, nobody_is_dead_nothing_happens) {
    const auto reaped = run(reaper.broker->reap(reaper.who, 500));
    EXPECT_FALSE(reaped.lost);
    EXPECT_EQ(reaped.incarnation, "");
    EXPECT_EQ(world->view().workers, (std::vector<std::string>{"reaper"}));
}

TEST_P(Suspects, messages_of_a_dead_worker_run_next_in_their_order) {
    publish({"a", "b", "c", "d"});
    auto victim = worker("victim");
    take(victim, 1);
    take(victim, 2);
    const auto reaped = die(victim, reaper);
    EXPECT_EQ(reaped.incarnation, "victim");
    EXPECT_EQ(reaped.put_back, 3u);
    EXPECT_EQ(reaped.dropped, 0u);
    EXPECT_FALSE(reaped.more);
    EXPECT_TRUE(reaped.given_up.empty());
    EXPECT_EQ(queue(), envelopes({"a", "b", "c", "d"}));
    EXPECT_EQ(world->view().workers, (std::vector<std::string>{"reaper"}));
    EXPECT_EQ(run(reaper.broker->reap(reaper.who, 500)).incarnation, "");
}

TEST_P(Suspects, messages_go_back_to_the_queues_they_came_from) {
    publish({"a"}, {"celery", 3});
    publish({"b"}, {"main-queue", 0});
    auto victim = worker("victim");
    reserve(victim, {.routes = {{"celery", 3}, {"main-queue", 0}}, .max_messages = 10});
    die(victim, reaper);
    EXPECT_EQ(queue({"celery", 3}), envelopes({"a"}));
    EXPECT_EQ(queue({"main-queue", 0}), envelopes({"b"}));
}

TEST_P(Suspects, they_are_handed_out_as_suspects) {
    publish({"a", "b"});
    die_with_everything("victim");
    publish({"c"});
    auto w = worker("w1");
    const auto messages = take(w);
    ASSERT_EQ(messages.size(), 3u);
    EXPECT_TRUE(messages[0].suspect);
    EXPECT_TRUE(messages[1].suspect);
    EXPECT_FALSE(messages[2].suspect);
    EXPECT_EQ(messages[0].deaths, 0);
    EXPECT_NE(messages[0].fingerprint, "");
    EXPECT_NE(messages[0].fingerprint, messages[1].fingerprint);
    EXPECT_EQ(messages[2].fingerprint, "");
}

TEST_P(Suspects, who_ends_well_is_cleared) {
    publish({"a", "b"});
    die_with_everything("victim");
    auto w = worker("w1");
    const auto messages = take(w);
    complete(w, messages[0]);
    EXPECT_EQ(world->view().suspects.size(), 1u);
    complete(w, messages[1]);
    EXPECT_TRUE(world->view().suspects.empty());
}

TEST_P(Suspects, who_goes_back_unstarted_stays_a_suspect) {
    publish({"a", "b"});
    die_with_everything("victim");
    auto w = worker("w1");
    const auto messages = take(w);
    complete(w, {.reservation = messages[0].id, .moves = {{.kind = Move::Kind::front, .route = {"celery", 0}}}});
    const auto again = take(w);
    ASSERT_EQ(again.size(), 1u);
    EXPECT_TRUE(again[0].suspect);
}

TEST_P(Suspects, one_that_was_all_its_worker_had_is_blamed_at_once) {
    publish({"a"});
    die_with_everything("first");
    EXPECT_EQ(world->view().suspects, (std::vector<int>{1}));
    auto w = worker("w1");
    EXPECT_EQ(take(w).at(0).deaths, 1);
}

TEST_P(Suspects, the_third_death_is_the_last) {
    publish({"poison"});
    EXPECT_EQ(die_with_everything("first").put_back, 1u);
    EXPECT_EQ(die_with_everything("second").put_back, 1u);
    const auto reaped = die_with_everything("third");
    EXPECT_EQ(reaped.put_back, 0u);
    ASSERT_EQ(reaped.given_up.size(), 1u);
    EXPECT_EQ(reaped.given_up[0].reservation, "third:1:1");
    EXPECT_EQ(reaped.given_up[0].envelope, envelope("poison"));
    const auto view = world->view();
    EXPECT_TRUE(view.queues.empty());
    EXPECT_TRUE(view.suspects.empty());
    ASSERT_EQ(view.dead.size(), 1u);
    EXPECT_EQ(view.dead[0].id, "poison");
    EXPECT_EQ(view.dead[0].task, "proj.add");
    EXPECT_EQ(view.dead[0].queue, "celery");
    EXPECT_THAT(view.dead[0].reason, HasSubstr("died 3 times"));
    EXPECT_EQ(view.dead_envelopes, envelopes({"poison"}));
}

TEST_P(Suspects, neighbours_are_never_blamed) {
    publish({"poison", "neighbour", "other"});
    die_with_everything("first");
    EXPECT_EQ(world->view().suspects, (std::vector<int>{0, 0, 0}));
    for (int death = 1; death <= 3; ++death) {
        auto victim = worker(fmt::format("victim-{}", death));
        const auto messages = take(victim);
        ASSERT_EQ(messages.size(), 3u);
        start(victim, messages[0]);
        const auto reaped = die(victim, reaper);
        EXPECT_EQ(reaped.given_up.size(), death == 3 ? 1u : 0u);
    }
    EXPECT_EQ(queue(), envelopes({"neighbour", "other"}));
    EXPECT_EQ(world->view().dead_envelopes, envelopes({"poison"}));
    EXPECT_EQ(world->view().suspects, (std::vector<int>{0, 0}));
}

TEST_P(Suspects, one_that_was_acknowledged_early_is_dropped) {
    publish({"a", "b"});
    auto victim = worker("victim");
    const auto messages = take(victim);
    EXPECT_TRUE(start(victim, messages[0]));
    EXPECT_EQ(world->view().held.at("victim")[0].mark, Held::Mark::acknowledged);
    const auto reaped = die(victim, reaper);
    EXPECT_EQ(reaped.dropped, 1u);
    EXPECT_EQ(reaped.put_back, 1u);
    EXPECT_EQ(world->view().messages(), envelopes({"b"}));
    EXPECT_EQ(complete(victim, {.reservation = messages[0].id, .result = {{"a", success_document("a")}}}),
              Completed::gone);
    EXPECT_FALSE(world->result("a"));
}

TEST_P(Suspects, one_that_was_acknowledged_early_still_guards_its_completion) {
    publish({"a"});
    auto w = worker("w1");
    const auto message = take(w).at(0);
    start(w, message);
    EXPECT_EQ(complete(w, {.reservation = message.id,
                           .result = {{"a", success_document("a")}},
                           .moves = {{.route = {"celery", 0}, .envelope = envelope("next")}}}),
              Completed::done);
    EXPECT_EQ(queue(), envelopes({"next"}));
}

TEST_P(Suspects, a_start_is_refused_for_each_that_is_gone) {
    publish({"a", "b"});
    auto w = worker("w1");
    const auto messages = take(w);
    complete(w, messages[0]);
    std::vector<Started::Answer> answers;
    for (const auto& started :
         run(w.broker->start(w.who, {marked(messages[0].id), marked(messages[1].id), marked("w1:9:9")})))
        answers.push_back(started.answer);
    using enum Started::Answer;
    EXPECT_THAT(answers, ElementsAre(gone, go, gone));
}

TEST_P(Suspects, a_large_lot_comes_back_in_parts_and_only_as_a_lot) {
    std::vector<std::string> ids;
    for (int i = 0; i < 7; ++i) ids.push_back(std::to_string(i));
    publish(ids);
    auto victim = worker("victim");
    take(victim);
    world->end_lease(victim.who);
    const auto first = run(reaper.broker->reap(reaper.who, 3));
    EXPECT_EQ(first.put_back, 3u);
    EXPECT_TRUE(first.more);
    EXPECT_EQ(queue(), envelopes({"4", "5", "6"}));
    EXPECT_TRUE(run(reaper.broker->reap(reaper.who, 3)).more);
    const auto last = run(reaper.broker->reap(reaper.who, 3));
    EXPECT_EQ(last.incarnation, "victim");
    EXPECT_EQ(last.put_back, 1u);
    EXPECT_FALSE(last.more);
    EXPECT_EQ(queue(), envelopes(ids));
    // The last part was one message alone; that does not make it the culprit.
    EXPECT_EQ(world->view().suspects, (std::vector<int>(7, 0)));
}

TEST_P(Suspects, the_worker_that_comes_back_between_two_parts_keeps_the_rest) {
    publish({"a", "b", "c"});
    auto sleeper = worker("sleeper");
    const auto messages = take(sleeper);
    world->end_lease(sleeper.who);
    EXPECT_TRUE(run(reaper.broker->reap(reaper.who, 2)).more);
    EXPECT_FALSE(run(sleeper.broker->renew(sleeper.who, 1000h, false)).lost);
    EXPECT_EQ(run(sleeper.broker->renew(sleeper.who, 1000h, false)).held, 1u);
    EXPECT_EQ(run(reaper.broker->reap(reaper.who, 2)).incarnation, "");
    EXPECT_EQ(complete(sleeper, messages[0]), Completed::done);
    EXPECT_EQ(complete(sleeper, messages[1]), Completed::gone);
    EXPECT_EQ(queue(), envelopes({"b", "c"}));
}

TEST_P(Suspects, large_messages_come_back_a_few_at_a_time) {
    const std::string large = "{" + std::string(600'000, ' ') + "}";
    for (int i = 0; i < 3; ++i) run(client->publish({.route = {"celery", 0}, .envelope = large, .id = "x"}));
    auto victim = worker("victim");
    while (!take(victim).empty()) {
    }
    world->end_lease(victim.who);
    EXPECT_TRUE(run(reaper.broker->reap(reaper.who, 500)).more);
    EXPECT_EQ(queue().size(), 1u);
    EXPECT_TRUE(run(reaper.broker->reap(reaper.who, 500)).more);
    EXPECT_FALSE(run(reaper.broker->reap(reaper.who, 500)).more);
    EXPECT_EQ(queue().size(), 3u);
}

TEST_P(Suspects, two_reapers_take_nothing_twice) {
    publish({"a", "b"});
    auto victim = worker("victim");
    auto other = worker("other");
    take(victim);
    EXPECT_EQ(die(victim, reaper).put_back, 2u);
    EXPECT_EQ(run(other.broker->reap(other.who, 500)).incarnation, "");
    EXPECT_EQ(queue(), envelopes({"a", "b"}));
}

}  // namespace
}  // namespace samovar::broker
