// What only the Redis broker has: names, lifetimes, other clients' keys, servers that say less.
#include "broker_test.hpp"
#include "redis/error.hpp"
#include "redis_world.hpp"

namespace samovar::broker {
namespace {

class RedisLayout : public BrokerTest {
protected:
    RedisWorld& redis() { return dynamic_cast<RedisWorld&>(*world); }
    redis::Reply command(redis::Request request) { return redis().command(std::move(request)); }
    const Keys& keys() { return redis().keys(); }

    void add_foreign(const std::string& tag, const std::string& score, const std::string& reservation) {
        command({"HSET", keys().unacked(), tag, reservation});
        command({"ZADD", keys().unacked_index(), score, tag});
    }
    std::size_t restore() { return run(client->restore_foreign(1h)); }
};
INSTANTIATE_TEST_SUITE_P(On, RedisLayout, ::testing::Values(Store::redis, Store::redis_with_prefix), store_name);

TEST_P(RedisLayout, the_prefix_is_in_front_of_every_key) {
    auto w = worker("w1");
    publish({"a", "b", "c"});
    run(client->publish({.route = {"celery", 0}, .envelope = envelope("d"), .id = "d", .due = world->now() + 1h}));
    run(client->publish({.route = {"celery", 0}, .envelope = "garbage", .id = "e", .once = true}));
    take(w);
    for (const auto& key : redis().array({"KEYS", "*"}))
        EXPECT_TRUE(key.text().starts_with(keys().prefix())) << key.text();
}

TEST_P(RedisLayout, a_clients_first_use_of_a_queue_adds_its_binding) {
    publish({"a"}, {"main-queue", 3});
    run(client->publish({.route = {"other", 0}, .envelope = envelope("b"), .id = "b", .once = true}));
    const auto member = [](const std::string& queue) { return queue + "\x06\x16\x06\x16" + queue; };
    const auto bound = [&](const std::string& queue) {
        return command({"SISMEMBER", keys().prefix() + "_kombu.binding." + queue, member(queue)}).integer();
    };
    EXPECT_EQ(bound("main-queue"), 1);
    EXPECT_EQ(bound("other"), 1);
}

TEST_P(RedisLayout, bindings_are_sent_again_after_a_reconnect) {
    publish({"a"});
    world->forget_everything();
    client->reconnect();
    world->until([&] {
        publish({"b"});
        return command({"EXISTS", keys().binding("celery")}).integer() == 1;
    });
}

TEST_P(RedisLayout, lives_are_bounded) {
    auto w = worker("w1");
    run(client->publish({.route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .once = true}));
    const auto message = take(w).at(0);
    complete(w, {.reservation = message.id, .result = {{"a", success_document("a")}}});
    const auto ttl = [&](const std::string& key) { return command({"TTL", key}).integer(); };
    EXPECT_GT(ttl(keys().sent("a")), 86'000);
    EXPECT_LE(ttl(keys().sent("a")), 86'400);
    EXPECT_GT(ttl(redis().options().result_prefix + "celery-task-meta-a"), 86'000);
    EXPECT_GT(ttl(keys().lease("w1")), 0);
    EXPECT_GT(ttl(keys().promoter()), 0);
    publish({"b"});
    auto victim = worker("victim");
    take(victim);
    die(victim, w);
    EXPECT_GT(ttl(keys().suspects()), 0);
}

TEST_P(RedisLayout, what_we_reserve_does_not_enter_the_keys_of_python_workers) {
    publish({"a"});
    auto w = worker("w1");
    const auto id = take(w).at(0).id;
    EXPECT_EQ(command({"EXISTS", keys().unacked(), keys().unacked_index()}).integer(), 0);
    EXPECT_EQ(
        command({"HGET", keys().held("w1"), id}).text(),
        fmt::format("{}:{}{}", keys().list({"celery", 0}).size(), keys().list({"celery", 0}), envelope("a")));
}

TEST_P(RedisLayout, a_store_of_a_newer_layout_is_refused_by_name) {
    command({"SET", keys().layout(), "3"});
    const auto lease = run(client->renew({.who = {"w1", "worker@host", 1}, .first = true}));
    EXPECT_THAT(lease.refusal, HasSubstr("layout 3"));
    EXPECT_TRUE(world->view().workers.empty());
    command({"SET", keys().layout(), "1"});
    EXPECT_EQ(run(client->renew({.who = {"w1", "worker@host", 1}, .first = true})).refusal, "");
    EXPECT_EQ(command({"GET", keys().layout()}).text(), std::to_string(layout_number));
}

/// As the releases before reservations of our own left it.
class OldLayout : public RedisLayout {
protected:
    void old_worker(const std::string& incarnation, bool living) {
        command({"ZADD", keys().workers_before(), "1", incarnation});
        if (living) command({"SET", keys().lease(incarnation), R"({"node":"old@host","pid":7})"});
    }
    void old_reservation(const std::string& incarnation, int number, const std::string& id,
                         const std::string& mark, const std::string& queue = "celery") {
        const auto reservation = fmt::format("{}:1:{}", incarnation, number);
        command({"HSET", keys().held(incarnation), reservation, mark + keys().list({queue, 0})});
        command({"HSET", keys().unacked(), reservation, fmt::format("[{},\"\",\"{}\"]", envelope(id), queue)});
        command({"ZADD", keys().unacked_index(), "9999999999", reservation});
    }
};
INSTANTIATE_TEST_SUITE_P(On, OldLayout, ::testing::Values(Store::redis, Store::redis_with_prefix), store_name);

TEST_P(OldLayout, beside_a_living_worker_of_it_nobody_registers) {
    old_worker("old", true);
    const auto lease = run(client->renew({.who = {"w1", "worker@host", 1}, .first = true}));
    EXPECT_THAT(lease.refusal, HasSubstr("old@host"));
    EXPECT_TRUE(world->view().workers.empty());
}

TEST_P(OldLayout, what_its_dead_workers_held_is_taken_over) {
    old_worker("old", false);
    old_reservation("old", 1, "a", "r");
    old_reservation("old", 2, "acknowledged", "a");
    old_reservation("old", 3, "b", "s" + std::string(40, 'f'));
    old_reservation("old", 4, "c", "r", "quoted \"queue\"");
    command({"HSET", keys().held("old"), "about", "{}", "batch", "1:4"});
    auto w = worker("w1");
    EXPECT_TRUE(run(w.broker->reap(sight(), 500)).old_layout);
    auto taken = run(w.broker->take_over(sight(), 3));
    EXPECT_EQ(taken.incarnation, "old");
    EXPECT_TRUE(taken.more);
    taken = run(w.broker->take_over(sight(), 3));
    EXPECT_FALSE(taken.more);
    EXPECT_EQ(run(w.broker->take_over(sight(), 3)).incarnation, "");
    EXPECT_EQ(queue(), envelopes({"a", "b"}));
    EXPECT_EQ(queue({"quoted \"queue\"", 0}), envelopes({"c"}));
    EXPECT_EQ(
        command({"EXISTS", keys().unacked(), keys().unacked_index(), keys().held("old"), keys().workers_before()})
            .integer(),
        0);
    EXPECT_FALSE(run(w.broker->reap(sight(), 500)).old_layout);
}

TEST_P(RedisLayout, a_queue_whose_key_holds_another_type_does_not_hold_up_the_others) {
    auto w = worker("w1");
    auto reaper = worker("reaper");
    publish({"a"}, {"other", 0});
    publish({"b"});
    reserve(w, {.routes = {{"other", 0}, {"celery", 0}}, .max_messages = 10});
    for (const auto* id : {"c", "d"})
        run(client->publish({.route = {id[0] == 'c' ? "other" : "celery", 0},
                             .envelope = envelope(id),
                             .id = id,
                             .due = world->now() + 1h}));
    command({"SET", keys().list({"other", 0}), "a text"});
    die(w, reaper);
    run(reaper.broker->renew({.who = reaper.who, .lease = 1000h}));
    EXPECT_EQ(run(reaper.broker->promote(reaper.who, 10, true)).moved, 2u);
    const auto view = world->view();
    EXPECT_EQ(view.queues.at({"celery", 0}), envelopes({"b", "d"}));
    EXPECT_THAT(view.dead_envelopes, ::testing::UnorderedElementsAreArray(envelopes({"a", "c"})));
    EXPECT_EQ(view.dead[0].queue, "other");
    EXPECT_THAT(view.dead[0].reason, HasSubstr("another type"));
    EXPECT_EQ(view.dead[1].queue, "other");
    EXPECT_THROW(publish({"e"}, {"other", 0}), redis::Error);
}

TEST_P(RedisLayout, a_store_that_went_back_in_time_has_lost_leases_and_by_it_nobody_is_judged) {
    publish({"a"});
    auto victim = worker("victim");
    take(victim);
    EXPECT_EQ(run(client->reap(sight(), 500)).incarnation, "");
    world->end_lease(victim.who);
    for (const auto& look : redis().array({"KEYS", keys().look("*")})) command({"HSET", look.text(), "at", "1"});
    EXPECT_THROW(run(client->reap(sight(), 500)), redis::Error);
    EXPECT_EQ(run(client->reap(sight(), 500)).incarnation, "victim")
        << "after as long as it takes to trust it again";
}

TEST_P(RedisLayout, by_a_store_that_lets_nobody_renew_nobody_is_judged) {
    publish({"a"});
    auto victim = worker("victim");
    take(victim);
    world->end_lease(victim.who);
    command({"REPLICAOF", "127.0.0.1", "1"});
    EXPECT_THROW(run(client->reap({}, 500)), redis::Error) << "no lease can be renewed, and that is to be noticed";
    command({"REPLICAOF", "NO", "ONE"});
    EXPECT_EQ(run(client->reap(sight(), 500)).incarnation, "victim");
}

TEST_P(RedisLayout, foreign_entries_that_nobody_can_restore_do_not_hold_up_the_others) {
    for (int i = 0; i < 300; ++i)
        command({"ZADD", keys().unacked_index(), std::to_string(i), fmt::format("orphan-{}", i)});
    add_foreign("broken", "500", "no json");
    add_foreign("occupied", "501", "[" + envelope("o") + ", \"\", \"occupied\"]");
    add_foreign("unbound", "502", "[" + envelope("u") + ", \"nowhere\", \"celery\"]");
    add_foreign("good", "503", "[" + envelope("g") + ", \"\", \"celery\"]");
    command({"SET", keys().list({"occupied", 0}), "a text"});
    EXPECT_EQ(restore() + restore(), 1u);
    const auto view = world->view();
    ASSERT_EQ(view.queues.size(), 1u);
    EXPECT_THAT(view.queues.at({"celery", 0}), ElementsAre(HasSubstr("\"id\": \"g\"")));
    EXPECT_EQ(view.dead_envelopes, (std::vector<std::string>{"no json"}));
    EXPECT_EQ(view.dead[0].id, "broken");
    EXPECT_EQ(command({"HLEN", keys().unacked()}).integer(), 2);
    EXPECT_EQ(command({"ZCARD", keys().unacked_index()}).integer(), 2);
}

TEST_P(RedisLayout, a_foreign_message_of_a_named_exchange_goes_to_the_queues_that_are_bound_to_it) {
    const std::string separator = "\x06\x16";
    for (const auto* queue : {"one", "two"})
        command({"SADD", keys().binding("tea"), "green" + separator + separator + queue});
    command({"SADD", keys().binding("tea"), "black" + separator + separator + "three"});
    add_foreign("t", "1", "[" + envelope("a") + ", \"tea\", \"green\"]");
    EXPECT_EQ(restore(), 1u);
    const auto view = world->view();
    EXPECT_EQ(view.queues.size(), 2u);
    EXPECT_TRUE(view.queues.contains({"one", 0}));
    EXPECT_TRUE(view.queues.contains({"two", 0}));
}

TEST_P(RedisLayout, a_foreign_reservation_that_was_renewed_meanwhile_stays) {
    add_foreign("t", "1", "[" + envelope("a") + ", \"\", \"celery\"]");
    auto script = scripts().restore_foreign;
    std::vector<std::string> names{keys().unacked(), keys().unacked_index(), keys().dead(), keys().dead_payload(),
                                   keys().list({"celery", 0})};
    const auto attempt = [&](const std::string& score, const std::string& reservation) {
        redis::Request request;
        request.begin(3 + names.size() + 5).arg("EVAL").arg(script.source()).arg(std::to_string(names.size()));
        for (const auto& name : names) request.arg(name);
        for (const auto& argument : {std::string{"t"}, score, reservation, envelope("a"), std::string{}})
            request.arg(argument);
        return command(std::move(request)).integer();
    };
    const auto reservation = "[" + envelope("a") + ", \"\", \"celery\"]";
    EXPECT_EQ(attempt("2", reservation), 0);
    EXPECT_EQ(attempt("1", "[{}, \"\", \"celery\"]"), 0);
    EXPECT_EQ(attempt("1", reservation), 1);
    EXPECT_EQ(attempt("1", reservation), 0);
}

TEST_P(RedisLayout, a_description_that_is_unreadable_does_not_hide_the_letter) {
    command({"HSET", keys().dead_payload(), "m", "\xff{\nbytes"});
    command({"ZADD", keys().dead(), "5", "m", "6", "without payload"});
    const auto letters = run(client->dead_letters(0, 10));
    ASSERT_EQ(letters.size(), 1u);
    EXPECT_EQ(letters[0].id, "m");
    EXPECT_EQ(run(client->dead_envelope("m")), "bytes");
    EXPECT_FALSE(run(client->retry_dead("without payload", {"celery", 0})));
    EXPECT_EQ(command({"ZCARD", keys().dead()}).integer(), 1);
}

TEST_P(RedisLayout, a_publish_that_redis_has_no_memory_for_is_refused_and_the_rest_goes_on) {
    publish({"a"});
    auto w = worker("w1");
    const auto message = take(w).at(0);
    command({"CONFIG", "SET", "maxmemory", "1"});
    EXPECT_THROW(publish({"b"}), redis::Error);
    EXPECT_TRUE(take(w).empty()) << "an idle worker goes on";
    EXPECT_EQ(complete(w, message), Completed::done) << "ending takes no memory";
    command({"CONFIG", "SET", "maxmemory", "0"});
}

TEST(RedisThatMayLoseTasks, says_so_until_it_is_set_right) {
    testing::RedisServer server{{.config = {"maxmemory-policy allkeys-lru", "save \"\"", "appendonly no"}}};
    RedisWorld world{Store::redis, nullptr};
    auto options = world.options();
    options.endpoint = options.result_endpoint = redis::parse_url(server.unix_url());
    const auto broker = make_redis_broker(world.executor(), options);
    EXPECT_EQ(world.run(broker->store_problems()).size(), 2u);

    redis::Connection admin{world.executor(), {.endpoint = options.endpoint}};
    world.run(admin.command({"CONFIG", "SET", "maxmemory-policy", "noeviction"}));
    world.run(admin.command({"CONFIG", "SET", "appendonly", "yes"}));
    EXPECT_THAT(world.run(broker->store_problems()), ::testing::IsEmpty());
}

/// Redis as it looks through a proxy that speaks RESP2 only.
TEST(RedisWithoutPushes, is_looked_at_often_enough) {
    testing::RedisServer server{{.config = {"rename-command HELLO \"\""}}};
    RedisWorld world{Store::redis, nullptr};
    auto options = world.options();
    options.endpoint = options.result_endpoint = redis::parse_url(server.unix_url());
    const auto broker = make_redis_broker(world.executor(), options);
    const Identity who{"w1", "worker@host", 1};
    world.run(broker->renew({.who = who, .lease = 1000h, .first = true}));
    EXPECT_FALSE(world.run(broker->watch({{"celery", 0}})));
    world.run(broker->wait(1h));
    world.run(broker->wait_for_delayed(1h));
    world.run(broker->publish({.route = {"celery", 0}, .envelope = envelope("a"), .id = "a"}));
    EXPECT_EQ(world.run(broker->reserve(who, {.routes = {{"celery", 0}}})).messages.size(), 1u);
}

}  // namespace
}  // namespace samovar::broker
