// Small models, run in every order that their steps can come in: each message is in exactly one place after every
// step, and is completed exactly once in the end.
#include <algorithm>
#include <functional>
#include <map>

#include "broker_test.hpp"
#include "worker/open_reservations.hpp"

namespace samovar::broker {
namespace {

/// What one actor does, in this order; the others' steps may come anywhere in between.
using Steps = std::vector<std::function<void()>>;

/// Calls `run` for each order in which the actors' steps can be merged; each order is a list of actor numbers.
void for_each_order(std::vector<std::size_t> left, std::vector<std::size_t>& order,
                    const std::function<void(const std::vector<std::size_t>&)>& run) {
    bool finished = true;
    for (std::size_t actor = 0; actor < left.size(); ++actor) {
        if (left[actor] == 0) continue;
        finished = false;
        --left[actor];
        order.push_back(actor);
        for_each_order(left, order, run);
        order.pop_back();
        ++left[actor];
    }
    if (finished) run(order);
}

class Interleavings : public BrokerTest {
protected:
    struct Actor {
        Worker worker;
        std::vector<Reserved> holds;
    };

    Actor actor(const std::string& incarnation) { return {worker(incarnation), {}}; }

    void send(const std::string& id) {
        sent.push_back(envelope(id));
        publish({id});
    }

    void fetch(Actor& by, std::size_t count) {
        const auto reservation = reserve(by.worker, {.max_messages = count});
        by.holds.insert(by.holds.end(), reservation.messages.begin(), reservation.messages.end());
    }

    /// Ends the oldest that it holds; `again`: with the message itself on its way once more.
    void end_one(Actor& by, std::optional<Move> again = std::nullopt) {
        if (by.holds.empty()) return;
        const auto message = by.holds.front();
        by.holds.erase(by.holds.begin());
        Completion completion{.reservation = message.id, .fingerprint = message.fingerprint};
        if (again)
            completion.moves.push_back(*again);
        else
            completion.result = {{message.id, success_document(message.id)}};
        const bool done = complete(by.worker, completion) == Completed::done;
        if (done && !again) ++ended[message.envelope];
        if (done) aside.erase(message.envelope);
        EXPECT_EQ(world->result(message.id).has_value(), done && !again);
    }

    void end_all(Actor& by) {
        while (!by.holds.empty()) end_one(by);
    }

    void acknowledge_one(Actor& by) {
        if (!by.holds.empty()) start(by.worker, by.holds.front());
    }

    void take_back(Actor& by) {
        const auto before = world->view();
        const auto reaped = run(by.worker.broker->reap(sight(), 500));
        if (reaped.set_aside == 0) return;
        for (const auto& held : before.held.at(reaped.incarnation))
            if (held.mark == Held::Mark::acknowledged) aside.insert(held.envelope);
    }

    void expect_each_in_one_place() {
        const auto places = world->view().messages();
        for (const auto& message : sent) {
            const auto count =
                std::ranges::count(places, message) + ended[message] + (aside.contains(message) ? 1 : 0);
            ASSERT_EQ(count, 1) << message;
        }
    }

    /// Each number of `actors` is the next step of that one.
    void play(const std::vector<Steps>& steps, const std::vector<std::size_t>& actors) {
        std::vector<std::size_t> next(steps.size());
        for (const auto actor_number : actors) {
            steps[actor_number][next[actor_number]++]();
            expect_each_in_one_place();
        }
    }

    /// Whoever is there dies, and one more worker does all that is left.
    void finish(std::vector<Actor*> actors) {
        auto last = actor("last");
        for (auto* one : actors) {
            if (!run(one->worker.broker->renew({.who = one->worker.who, .lease = 1000h})).lost)
                world->end_lease(one->worker.who);
        }
        for (bool found = true; found;) {
            const auto reaped = run(last.worker.broker->reap(sight(), 500));
            found = !reaped.incarnation.empty();
        }
        run(last.worker.broker->renew({.who = last.worker.who, .lease = 1000h}));
        run(last.worker.broker->promote(last.worker.who, 500, true));
        fetch(last, 100);
        end_all(last);
        EXPECT_TRUE(world->view().messages().empty());
        for (const auto& message : sent) EXPECT_LE(ended[message], 1) << message;
    }

    void start_over() {
        world->forget_everything();
        sent.clear();
        ended.clear();
        aside.clear();
    }

    std::vector<std::string> sent;
    std::map<std::string, int> ended;
    /// Were acknowledged by a worker that was taken for dead.
    std::set<std::string> aside;
};
INSTANTIATE_TEST_SUITE_P(On, Interleavings, ::testing::Values(Store::memory, Store::redis), store_name);

TEST_P(Interleavings, of_a_worker_that_is_taken_for_dead_and_one_that_takes_its_work) {
    std::vector<std::size_t> order;
    std::size_t orders = 0;
    for_each_order({4, 4, 2}, order, [&](const auto& actors) {
        if (HasFatalFailure()) return;
        start_over();
        client = world->connect();
        auto a = actor("a");
        auto b = actor("b");
        send("1");
        send("2");
        const std::vector<Steps> steps{
            {[&] { fetch(a, 2); }, [&] { end_one(a); },
             [&] { end_one(a, Push{.route = {"celery", 0}, .front = true}); },
             [&] { run(a.worker.broker->renew({.who = a.worker.who, .lease = 1000h})); }},
            {[&] { take_back(b); }, [&] { fetch(b, 2); }, [&] { end_all(b); }, [&] { take_back(b); }},
            {[&] { send("3"); },
             [&] {
                 if (!run(a.worker.broker->renew({.who = a.worker.who, .lease = 1000h})).lost)
                     world->end_lease(a.worker.who);
             }}};
        play(steps, actors);
        finish({&a, &b});
        ++orders;
    });
    EXPECT_EQ(orders, 3'150u);
}

TEST_P(Interleavings, of_early_acknowledgement_retry_and_promotion) {
    std::vector<std::size_t> order;
    std::size_t orders = 0;
    for_each_order({3, 3, 3}, order, [&](const auto& actors) {
        if (HasFatalFailure()) return;
        start_over();
        client = world->connect();
        auto a = actor("a");
        auto b = actor("b");
        send("1");
        const auto due = world->now() + 1h;
        const std::vector<Steps> steps{
            {[&] { fetch(a, 1); }, [&] { acknowledge_one(a); },
             [&] { end_one(a, Delay{.route = {"celery", 0}, .due = due, .id = "1"}); }},
            {[&] { take_back(b); },
             [&] {
                 run(b.worker.broker->renew({.who = b.worker.who, .lease = 1000h}));
                 run(b.worker.broker->promote(b.worker.who, 500, true));
             },
             [&] { fetch(b, 1); }},
            {[&] {
                 if (!run(a.worker.broker->renew({.who = a.worker.who, .lease = 1000h})).lost)
                     world->end_lease(a.worker.who);
             },
             [&] { end_all(b); }, [&] { take_back(b); }}};
        play(steps, actors);
        finish({&a, &b});
        ++orders;
    });
    EXPECT_EQ(orders, 1'680u);
}

// What a renewal says is put together at one moment and arrives at another, perhaps twice.
TEST_P(Interleavings, of_a_renewal_that_names_what_is_open_and_what_happens_meanwhile) {
    std::vector<std::size_t> order;
    std::size_t orders = 0;
    for_each_order({5, 3, 1}, order, [&](const auto& actors) {
        if (HasFatalFailure()) return;
        start_over();
        client = world->connect();
        auto a = actor("a");
        for (const auto* id : {"1", "2", "3"}) send(id);
        worker::OpenReservations open;
        Reservation on_its_way;
        Renewal renewal{.who = a.worker.who, .lease = 1000h};
        std::size_t put_back = 0;
        const auto arrives = [&] {
            const auto reply = on_its_way.messages;
            open.reserved(a.worker.batch, reply);
            a.holds.insert(a.holds.end(), reply.begin(), reply.end());
        };
        const auto end = [&] {
            if (a.holds.empty()) return;
            const auto id = a.holds.front().id;
            end_one(a);
            open.ended(id);
        };
        const auto renew = [&] { put_back += run(a.worker.broker->renew(renewal)).put_back; };
        const std::vector<Steps> steps{{[&] { on_its_way = reserve(a.worker, {.max_messages = 2}); }, arrives, end,
                                        [&] { on_its_way = reserve(a.worker, {.max_messages = 1}); }, arrives},
                                       {[&] {
                                            auto known = open.snapshot();
                                            renewal.last_batch = known.last_batch;
                                            renewal.open = std::move(known.open);
                                        },
                                        renew, renew},
                                       {[&] { start(a.worker, Start{.reservation = "a:1:2", .late = true}); }}};
        play(steps, actors);
        EXPECT_EQ(put_back, 0u);
        const auto left = a.holds.size();
        end_all(a);
        EXPECT_EQ(left, 2u) << "none of them was taken away";
        finish({&a});
        ++orders;
    });
    EXPECT_EQ(orders, 504u);
}

}  // namespace
}  // namespace samovar::broker
