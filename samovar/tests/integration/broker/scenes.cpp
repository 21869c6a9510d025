#include "scenes.hpp"

#include "broker_test.hpp"

namespace samovar::broker {
namespace {

struct ReserveScene : Scene {
    using Scene::Scene;
    void arrange() override {
        w = registered("w1");
        make_suspects();
        publish(envelope("a"));
        publish("garbage");
        publish(envelope("b"), {"celery", 3});
    }
    void act() override { reserve(w); }
};

struct ReserveNothingScene : Scene {
    using Scene::Scene;
    void arrange() override { w = registered("w1"); }
    void act() override { reserve(w); }
};

struct CompleteScene : Scene {
    using Scene::Scene;
    std::vector<Reserved> held;
    void arrange() override {
        w = registered("w1");
        make_suspects();
        for (const auto* id : {"a", "b", "c", "d", "e", "f"}) publish(envelope(id));
        held = reserve(w, 1, 4);
        run(broker->store_results({{"b", failure_document("b")}}));
    }
    void act() override {
        const Route route{"celery", 3};
        run(broker->complete(
            w, {.completions = {{.reservation = held[0].id,
                                 .fingerprint = held[0].fingerprint,
                                 .result = {{"s", success_document("s")}},
                                 .moves = {Push{.route = route, .envelope = envelope("successor")},
                                           EndClaim{.key = "app:k", .task_id = "s"}}},
                                {.reservation = held[1].id, .moves = {Push{.route = route}}},
                                {.reservation = held[2].id,
                                 .result = {{"b", success_document("b")}},
                                 .moves = {Push{.route = route, .front = true}}},
                                {.reservation = held[3].id,
                                 .result = {{"c", failure_document("c")}},
                                 .moves = {Delay{.route = route, .due = world_.now() + 1h, .id = "c"}}},
                                {.reservation = held[4].id,
                                 .moves = {Bury{.route = route, .id = "d", .reason = "so"}}}},
                .starts = {marked(held[5].id)},
                .may_start = place_of(1, 6)}));
    }
};

struct StartScene : Scene {
    using Scene::Scene;
    std::vector<Reserved> held;
    void arrange() override {
        w = registered("w1");
        publish(envelope("a"));
        publish(envelope("b"));
        held = reserve(w);
    }
    void act() override { run(broker->start(w, {marked(held[0].id), marked(held[1].id, std::string(40, 'f'))})); }
};

/// A place is taken, one message waits for it, one has to wait for its time, one comes in; one limit is exhausted.
struct LimitedScene : Scene {
    using Scene::Scene;
    std::vector<Reserved> held;
    const Limit one{.name = "limit:app:one", .at_once = 1};
    const Limit spread{.name = "limit:app:spread", .spacing = 1h};
    void arrange() override {
        w = registered("w1");
        for (const auto* id : {"a", "b", "c", "d"}) publish(envelope(id));
        held = reserve(w);
        run(broker->start(w, {of(0, one)}));
    }
    Start of(std::size_t number, const Limit& limit) const {
        return {.reservation = held[number].id, .late = true, .id = std::to_string(number), .limits = {limit}};
    }
};
struct StartLimitedScene : LimitedScene {
    using LimitedScene::LimitedScene;
    void act() override { run(broker->start(w, {of(1, one), of(2, spread), of(3, spread)})); }
};
struct LeaveScene : LimitedScene {
    using LimitedScene::LimitedScene;
    void arrange() override {
        LimitedScene::arrange();
        run(broker->start(w, {of(1, one)}));
    }
    void act() override {
        run(broker->complete(
            w, {.completions = {{.reservation = held[0].id, .moves = {FreePlace{.limit = one.name}}}}}));
    }
};
struct LetWaitingInScene : LeaveScene {
    using LeaveScene::LeaveScene;
    void arrange() override {
        LeaveScene::arrange();
        run(broker->complete(w, {.completions = {{.reservation = held[0].id}}}));
    }
    void act() override { run(broker->let_waiting_in()); }
};

struct RegisterScene : Scene {
    using Scene::Scene;
    void arrange() override {}
    void act() override { run(broker->renew({.who = w, .lease = 1000h, .first = true})); }
};

struct PromoteScene : Scene {
    using Scene::Scene;
    void arrange() override {
        w = registered("w1");
        for (const auto* id : {"a", "b"}) publish_later(id);
        publish_later("c", {"celery", 9});
        publish_later("d", {"occupied", 0});
        world_.command({"SET", world_.keys().list({"occupied", 0}), "a text"});
    }
    void act() override { run(broker->promote(w, 10, true)); }
};

struct PublishScene : Scene {
    using Scene::Scene;
    WallTime due;
    void arrange() override {
        w = registered("w1");
        due = world_.now() + 1h;
    }
    void act() override {
        run(broker->publish(
            {.route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .due = due, .once = true}));
    }
};

struct PublishUniqueScene : PublishScene {
    using PublishScene::PublishScene;
    void act() override {
        run(broker->publish({.route = {"celery", 0},
                             .envelope = envelope("a"),
                             .id = "a",
                             .due = due,
                             .unique = Claim{.key = "app:k"}}));
    }
};

/// One waits that has a claim.
struct DelayedScene : PublishUniqueScene {
    using PublishUniqueScene::PublishUniqueScene;
    std::string member;
    void arrange() override {
        PublishScene::arrange();
        PublishUniqueScene::act();
        member = run(broker->find_delayed("a")).at(0).member;
    }
    void act() override { EXPECT_EQ(run(broker->delayed(0, 10)).messages.size(), 1u); }
};
struct DelayedCancelScene : DelayedScene {
    using DelayedScene::DelayedScene;
    void act() override {
        run(broker->cancel_delayed({.member = member,
                                    .task_id = "a",
                                    .result = ResultWrite{"a", failure_document("a")},
                                    .claim = "app:k"}));
    }
};
struct DelayedRunScene : DelayedScene {
    using DelayedScene::DelayedScene;
    void act() override { run(broker->run_delayed(member, {})); }
};

struct PublishNowScene : Scene {
    using Scene::Scene;
    void arrange() override {}
    void act() override {
        run(broker->publish({.route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .once = true}));
    }
};

/// A dead worker held one acknowledged message, one at its third death, one ordinary one, one of an occupied
/// queue.
struct ReapScene : Scene {
    using Scene::Scene;
    void arrange() override {
        w = registered("w1");
        make_suspects();
        for (const auto* id : {"a", "b"}) publish(envelope(id));
        publish(envelope("c"), {"celery", 3});
        const auto second = registered("second");
        die_starting_the_first(second, 1);
        const auto third = registered("third");
        const auto held = reserve(third);
        run(broker->start(third, {marked(held[0].id, held[0].fingerprint), marked(held[1].id)}));
        world_.command({"SET", world_.keys().list({"celery", 3}), "a text"});
        world_.end_lease(third);
    }
    void act() override { run(broker->reap(world_.sight(), 10)); }
    void die_starting_the_first(const Identity& who, std::uint64_t batch) {
        const auto held = reserve(who, batch);
        run(broker->start(who, {marked(held[0].id, held[0].fingerprint)}));
        world_.end_lease(who);
        run(broker->reap(world_.sight(), 10));
    }
};

struct ReapPartScene : Scene {
    using Scene::Scene;
    void arrange() override {
        w = registered("w1");
        for (const auto* id : {"a", "b", "c"}) publish(envelope(id));
        const auto victim = registered("victim");
        reserve(victim);
        world_.end_lease(victim);
    }
    void act() override { run(broker->reap(world_.sight(), 2)); }
};

/// Of two dead workers, the first held an acknowledged message, ordinary ones, and one of an occupied queue.
struct RescueScene : Scene {
    using Scene::Scene;
    void arrange() override {
        publish(envelope("a"));
        publish(envelope("b"));
        publish(envelope("c"), {"celery", 3});
        const auto first = registered("first");
        run(broker->start(first, {marked(reserve(first)[0].id)}));
        const auto second = registered("second");
        for (const auto& dead : {first, second}) world_.end_lease(dead);
        world_.command({"SET", world_.keys().list({"celery", 3}), "a text"});
    }
    void act() override { run(broker->rescue(run(broker->registered()).last_renewal, 10)); }
};

struct RetireScene : Scene {
    using Scene::Scene;
    void arrange() override {
        w = registered("w1");
        for (const auto* id : {"a", "b", "c"}) publish(envelope(id));
        const auto held = reserve(w);
        run(broker->start(w, {marked(held[0].id)}));
        publish_later("later");
    }
    void act() override {
        while (run(broker->retire(w, 2)).more) {
        }
    }
};

/// The store holds one that the worker does not know; of the two others one is open and one is on its way to it.
struct ReconcileScene : Scene {
    using Scene::Scene;
    void arrange() override {
        w = registered("w1");
        for (const auto* id : {"a", "b"}) publish(envelope(id));
        reserve(w);
        publish(envelope("c"));
        reserve(w, 2);
    }
    void act() override { run(broker->renew({.who = w, .lease = 1000h, .last_batch = 1, .open = {"w1:1:1"}})); }
};

struct ComeBackScene : Scene {
    using Scene::Scene;
    void arrange() override {
        w = registered("w1");
        publish(envelope("a"));
        const auto sleeper = registered("sleeper");
        const auto held = reserve(sleeper);
        run(broker->start(sleeper, {marked(held[0].id, std::string(40, 'f'))}));
        world_.end_lease(sleeper);
        run(broker->reap(world_.sight(), 10));
    }
    void act() override {
        run(broker->renew(
            {.who = {"back", "worker@host", 1}, .lease = 1000h, .first = true, .before = "sleeper"}));
    }
};

struct TakeOverScene : Scene {
    using Scene::Scene;
    void arrange() override {
        const auto& keys = world_.keys();
        for (const auto* id : {"a", "b"}) {
            const auto reservation = std::string{"old:1:"} + (id[0] == 'a' ? "1" : "2");
            world_.command({"HSET", keys.held("old"), reservation, "r" + keys.list({"celery", 0})});
            world_.command({"HSET", keys.unacked(), reservation, "[" + envelope(id) + ",\"\",\"celery\"]"});
            world_.command({"ZADD", keys.unacked_index(), "9999999999", reservation});
        }
        world_.command({"ZADD", keys.workers_before(), "1", "old"});
    }
    void act() override { run(broker->take_over(world_.sight(), 10)); }
};

struct RestoreForeignScene : Scene {
    using Scene::Scene;
    void arrange() override {
        for (const auto* tag : {"t1", "t2"}) {
            world_.command({"HSET", world_.keys().unacked(), tag, "[" + envelope(tag) + ", \"\", \"celery\"]"});
            world_.command({"ZADD", world_.keys().unacked_index(), "1.5", tag});
        }
        world_.command({"HSET", world_.keys().unacked(), "broken", "no json"});
        world_.command({"ZADD", world_.keys().unacked_index(), "1.25", "broken", "1.125", "orphan"});
    }
    void act() override { run(broker->restore_foreign(1h)); }
};

struct DeadScene : Scene {
    using Scene::Scene;
    void arrange() override {
        w = registered("w1");
        for (const auto* bytes : {"one", "two"}) publish(bytes);
        reserve(w);
    }
};
struct DeadListScene : DeadScene {
    using DeadScene::DeadScene;
    void act() override { EXPECT_EQ(run(broker->dead_letters(0, 10)).size(), 2u); }
};
struct DeadRetryScene : DeadScene {
    using DeadScene::DeadScene;
    void act() override { run(broker->retry_dead("w1:1:x1", {"celery", 0})); }
};
struct DeadDropScene : DeadScene {
    using DeadScene::DeadScene;
    void act() override { run(broker->drop_dead({"w1:1:x1"})); }
};
struct DeadExpireScene : DeadScene {
    using DeadScene::DeadScene;
    void act() override { run(broker->expire_dead(world_.now() + 1h)); }
};

struct StoreResultsScene : Scene {
    using Scene::Scene;
    void arrange() override { run(broker->store_results({{"a", failure_document("a")}})); }
    void act() override {
        run(broker->store_results({{"a", success_document("a")}, {"b", failure_document("b")}}));
        EXPECT_EQ(world_.result("a"), success_document("a"));
        EXPECT_EQ(world_.result("b"), failure_document("b"));
    }
};

template <class T>
std::unique_ptr<Scene> make_scene(RedisWorld& world) {
    return std::make_unique<T>(world);
}

}  // namespace

const std::vector<SceneCase>& scene_cases() {
    static const std::vector<SceneCase> cases{
        {"Reserve", false, make_scene<ReserveScene>},
        {"ReserveNothing", false, make_scene<ReserveNothingScene>},
        {"Complete", true, make_scene<CompleteScene>},
        {"Start", false, make_scene<StartScene>},
        {"StartLimited", false, make_scene<StartLimitedScene>},
        {"Leave", true, make_scene<LeaveScene>},
        {"LetWaitingIn", false, make_scene<LetWaitingInScene>},
        {"Register", false, make_scene<RegisterScene>},
        {"Promote", false, make_scene<PromoteScene>},
        {"Publish", false, make_scene<PublishScene>},
        {"PublishUnique", false, make_scene<PublishUniqueScene>},
        {"DelayedList", false, make_scene<DelayedScene>},
        {"DelayedCancel", true, make_scene<DelayedCancelScene>},
        {"DelayedRun", false, make_scene<DelayedRunScene>},
        {"PublishNow", false, make_scene<PublishNowScene>},
        {"Reap", true, make_scene<ReapScene>},
        {"ReapPart", false, make_scene<ReapPartScene>},
        {"Rescue", true, make_scene<RescueScene>},
        {"Retire", true, make_scene<RetireScene>, true},
        {"Reconcile", false, make_scene<ReconcileScene>},
        {"ComeBack", false, make_scene<ComeBackScene>},
        {"TakeOver", false, make_scene<TakeOverScene>},
        {"RestoreForeign", false, make_scene<RestoreForeignScene>},
        {"DeadList", false, make_scene<DeadListScene>},
        {"DeadRetry", false, make_scene<DeadRetryScene>},
        {"DeadDrop", true, make_scene<DeadDropScene>},
        {"DeadExpire", true, make_scene<DeadExpireScene>},
        {"StoreResults", false, make_scene<StoreResultsScene>},
    };
    return cases;
}

}  // namespace samovar::broker
