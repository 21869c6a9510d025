// What becomes of the messages of a worker that died, and who is blamed.
#include "broker_test.hpp"
#include "message/result.hpp"

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
    const auto before = world->now();
    const auto reaped = run(reaper.broker->reap(sight(), 500));
    EXPECT_EQ(reaped.incarnation, "");
    EXPECT_GE(reaped.store_time, before);
    EXPECT_EQ(reaped.run_id, run(client->run_id()));
    EXPECT_EQ(world->view().workers, (std::vector<std::string>{"reaper"}));
}

TEST_P(Suspects, who_has_not_seen_the_store_for_as_long_as_a_lease_lasts_judges_nobody) {
    publish({"a"});
    auto victim = worker("victim");
    take(victim);
    world->end_lease(victim.who);
    const auto reap = [&](const Sight& by) { return run(client->reap(by, 500)).incarnation; };
    EXPECT_EQ(reap({}), "") << "never seen it";
    auto short_sighted = sight();
    // In memory it is a last, short lease that ends.
    short_sighted.clear_for = GetParam() == Store::memory ? 0h : 999h;
    EXPECT_EQ(reap(short_sighted), "") << "the victim may have renewed an hour ago";
    auto stale = sight();
    stale.seen -= 1h;
    stale.good_for = 59min;
    EXPECT_EQ(reap(stale), "") << "the call was under way while the store stood still";
    auto from_the_future = sight();
    from_the_future.seen += 1h;
    EXPECT_EQ(reap(from_the_future), "") << "the store's clock has stepped back";
    EXPECT_EQ(reap(sight()), "victim") << "and any process may";
}

TEST_P(Suspects, messages_of_a_dead_worker_run_next_in_their_order) {
    publish({"a", "b", "c", "d"});
    auto victim = worker("victim");
    take(victim, 1);
    take(victim, 2);
    const auto reaped = die(victim, reaper);
    EXPECT_EQ(reaped.incarnation, "victim");
    EXPECT_EQ(reaped.put_back, 3u);
    EXPECT_EQ(reaped.set_aside, 0u);
    EXPECT_FALSE(reaped.more);
    EXPECT_EQ(reaped.given_up, 0u);
    EXPECT_EQ(queue(), envelopes({"a", "b", "c", "d"}));
    EXPECT_EQ(world->view().workers, (std::vector<std::string>{"reaper"}));
    EXPECT_EQ(run(reaper.broker->reap(sight(), 500)).incarnation, "");
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
    complete(w, {.reservation = messages[0].id, .moves = {Push{.route = {"celery", 0}, .front = true}}});
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
    EXPECT_EQ(reaped.given_up, 1u);
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
        EXPECT_EQ(reaped.given_up, death == 3 ? 1u : 0u);
    }
    EXPECT_EQ(queue(), envelopes({"neighbour", "other"}));
    EXPECT_EQ(world->view().dead_envelopes, envelopes({"poison"}));
    EXPECT_EQ(world->view().suspects, (std::vector<int>{0, 0}));
}

TEST_P(Suspects, what_was_acknowledged_early_is_set_aside_and_its_worker_may_still_complete_it) {
    publish({"a", "b"});
    auto victim = worker("victim");
    const auto messages = take(victim);
    EXPECT_TRUE(start(victim, messages[0]));
    EXPECT_EQ(world->view().held.at("victim")[0].mark, Held::Mark::acknowledged);
    const auto reaped = die(victim, reaper);
    EXPECT_EQ(reaped.set_aside, 1u);
    EXPECT_EQ(reaped.put_back, 1u);
    EXPECT_EQ(world->view().messages(), envelopes({"b"}));
    Completion late{.reservation = messages[0].id,
                    .result = {{"a", success_document("a")}},
                    .moves = {Delay{.route = {"celery", 0}, .due = world->now() + 1h, .id = "a"}}};
    EXPECT_EQ(complete(victim, late), Completed::done);
    EXPECT_EQ(world->result("a"), success_document("a"));
    EXPECT_EQ(world->view().delayed.at(0).envelope, envelope("a"));
    EXPECT_EQ(complete(victim, late), Completed::gone);
    EXPECT_EQ(complete(victim, messages[1]), Completed::gone);
}

TEST_P(Suspects, a_mark_whose_reply_was_lost_is_answered_even_after_its_worker_was_reaped) {
    publish({"a", "b"});
    auto victim = worker("victim");
    const auto messages = take(victim);
    const Limit one{.name = "limit:app:one", .at_once = 1};
    EXPECT_TRUE(start(victim, messages[0]));
    EXPECT_TRUE(start(victim, messages[0])) << "it is asked again";
    start(victim, {.reservation = messages[1].id, .id = "b", .limits = {one}});
    die(victim, reaper);
    EXPECT_TRUE(start(victim, messages[0])) << "nobody else runs it";
    EXPECT_TRUE(queue().empty());
    EXPECT_EQ(start(victim, {.reservation = messages[1].id, .id = "b", .limits = {one}}).answer,
              Started::Answer::gone);
    EXPECT_EQ(queue(), envelopes({"b"})) << "it has lost its place, and had not begun";
    EXPECT_EQ(start(victim, {.reservation = messages[1].id, .id = "b", .limits = {one}}).answer,
              Started::Answer::gone);
    EXPECT_EQ(queue(), envelopes({"b"}));
}

TEST_P(Suspects, failure_of_what_is_given_up_is_stored_with_its_dead_letter) {
    publish({"poison"});
    for (const auto* name : {"first", "second", "third"}) {
        auto victim = worker(name);
        for (const auto& message : take(victim))
            if (message.suspect) start(victim, message);
        const auto reaped = die(victim, reaper);
        // On a server of its own nothing can be stored in one step with what happens on the broker's.
        const auto own_server = GetParam() == Store::redis_with_result_server;
        EXPECT_EQ(reaped.unreported.size(), own_server && reaped.given_up == 1 ? 1u : 0u);
        if (reaped.given_up == 0) continue;
        if (own_server) return;
    }
    const auto stored = world->result("poison").value_or("");
    EXPECT_THAT(stored, HasSubstr(R"("status": "FAILURE")"));
    EXPECT_THAT(stored, HasSubstr("WorkerLostError"));
    EXPECT_THAT(stored, HasSubstr(R"("task_id": "poison")"));
    EXPECT_TRUE(message::decode_result(stored).date_done.has_value());
}

TEST_P(Suspects, a_worker_that_comes_back_takes_back_the_blame_that_its_absence_laid_on_its_task) {
    publish({"long"});
    for (int absence = 1; absence <= 5; ++absence) {
        auto sleeper = worker(fmt::format("start-{}", absence));
        for (const auto& message : take(sleeper))
            if (message.suspect) start(sleeper, message);
        EXPECT_EQ(die(sleeper, reaper).given_up, 0u);
        EXPECT_EQ(world->view().suspects, (std::vector<int>{1}));
        run(sleeper.broker->renew({.who = {fmt::format("back-{}", absence), "worker@host", 1},
                                   .lease = 1000h,
                                   .first = true,
                                   .before = sleeper.who.incarnation}));
        EXPECT_TRUE(world->view().suspects.empty());
    }
    EXPECT_EQ(queue(), envelopes({"long"}));
}

TEST_P(Suspects, blame_of_other_deaths_stays) {
    publish({"poison"});
    die_with_everything("first");
    auto sleeper = worker("sleeper");
    for (const auto& message : take(sleeper)) start(sleeper, message);
    die(sleeper, reaper);
    EXPECT_EQ(world->view().suspects, (std::vector<int>{2}));
    run(sleeper.broker->renew(
        {.who = {"back", "worker@host", 1}, .lease = 1000h, .first = true, .before = "sleeper"}));
    EXPECT_EQ(world->view().suspects, (std::vector<int>{1}));
}

TEST_P(Suspects, one_that_was_acknowledged_early_still_guards_its_completion) {
    publish({"a"});
    auto w = worker("w1");
    const auto message = take(w).at(0);
    start(w, message);
    EXPECT_EQ(complete(w, {.reservation = message.id,
                           .result = {{"a", success_document("a")}},
                           .moves = {Push{.route = {"celery", 0}, .envelope = envelope("next")}}}),
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
    const auto first = run(reaper.broker->reap(sight(), 3));
    EXPECT_EQ(first.put_back, 3u);
    EXPECT_TRUE(first.more);
    EXPECT_EQ(queue(), envelopes({"4", "5", "6"}));
    EXPECT_TRUE(run(reaper.broker->reap(sight(), 3)).more);
    const auto last = run(reaper.broker->reap(sight(), 3));
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
    EXPECT_TRUE(run(reaper.broker->reap(sight(), 2)).more);
    EXPECT_FALSE(run(sleeper.broker->renew({.who = sleeper.who, .lease = 1000h})).lost);
    EXPECT_EQ(run(sleeper.broker->renew({.who = sleeper.who, .lease = 1000h})).held, 1u);
    EXPECT_EQ(run(reaper.broker->reap(sight(), 2)).incarnation, "");
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
    EXPECT_TRUE(run(reaper.broker->reap(sight(), 500)).more);
    EXPECT_EQ(queue().size(), 1u);
    EXPECT_TRUE(run(reaper.broker->reap(sight(), 500)).more);
    EXPECT_FALSE(run(reaper.broker->reap(sight(), 500)).more);
    EXPECT_EQ(queue().size(), 3u);
}

TEST_P(Suspects, two_reapers_take_nothing_twice) {
    publish({"a", "b"});
    auto victim = worker("victim");
    auto other = worker("other");
    take(victim);
    EXPECT_EQ(die(victim, reaper).put_back, 2u);
    EXPECT_EQ(run(other.broker->reap(sight(), 500)).incarnation, "");
    EXPECT_EQ(queue(), envelopes({"a", "b"}));
}

}  // namespace
}  // namespace samovar::broker
