// Beside real kombu, on one Redis: neither takes, doubles or breaks what the other holds.
#include <atomic>
#include <thread>

#include <samovar/json.hpp>

#include "broker_test.hpp"
#include "redis_world.hpp"
#include "support/python.hpp"

namespace samovar::broker {
namespace {

constexpr auto prelude = R"(
import json, os, sys
from kombu import Connection, Consumer, Exchange, Producer, Queue
settings = json.loads(sys.stdin.readline())
connection = Connection(settings['url'], transport_options={'visibility_timeout': 3600})
channel = connection.default_channel

def sweep():
    channel.qos.restore_visible(num=None)

def take(name, count):
    queue, taken = Queue(name, Exchange(name), routing_key=name), []
    with Consumer(channel, [queue], on_message=taken.append, accept=['json']):
        while len(taken) < count:
            connection.drain_events(timeout=20)
    return taken

def leave():
    # As after a kill: nothing is given back.
    sys.stdout.flush()
    os._exit(0)
)";

Value parsed(const std::string& text) { return json::parse(text); }

class Kombu : public ::testing::Test {
protected:
    std::vector<std::string> python(const std::string& script) const {
        Object settings;
        settings.append("url", url);
        return testing::run_python(prelude + script, {json::dump(Value{std::move(settings)})});
    }

    template <class T>
    T run(asio::awaitable<T> coroutine) {
        return world.run(std::move(coroutine));
    }
    void run(asio::awaitable<void> coroutine) { world.run(std::move(coroutine)); }

    Identity registered(const std::string& incarnation) {
        const Identity who{incarnation, "worker@host", 1};
        run(broker->renew({.who = who, .lease = 1000h, .first = true}));
        return who;
    }
    void publish(const std::vector<std::string>& ids, const Route& route = {"celery", 0}) {
        for (const auto& id : ids) run(broker->publish({.route = route, .envelope = envelope(id), .id = id}));
    }
    std::vector<Reserved> reserve(const Identity& who, std::uint64_t batch = 1) {
        return run(broker->reserve(who, {.routes = {{"celery", 0}, {"celery", 3}, {"celery", 9}},
                                         .max_messages = 1'000,
                                         .batch = batch}))
            .messages;
    }
    Completed complete(const Identity& who, const Reserved& message) {
        return run(broker->complete(who, {.completions = {{.reservation = message.id}}})).completed.at(0);
    }
    /// As if everything in unacked_index had been reserved long ago, in the same order.
    void age_reservations() {
        int number = 0;
        for (const auto& tag : world.array({"ZRANGE", "unacked_index", "0", "-1"}))
            world.command({"ZADD", "unacked_index", std::to_string(1'000 + ++number), tag.text()});
    }
    std::size_t unacked() { return static_cast<std::size_t>(world.command({"HLEN", "unacked"}).integer()); }
    std::vector<std::string> queue(const Route& route) { return world.view().queues[route]; }

    static std::string id_of(const std::string& message) {
        return *parsed(message).find("headers")->find("id")->if_string();
    }
    /// kombu's two marks are there, and without them it is the original.
    static void expect_restored(const std::string& message, const std::string& original) {
        auto value = parsed(message);
        auto& headers = *value.if_object()->find("headers")->if_object();
        auto& properties = *value.if_object()->find("properties")->if_object();
        auto& info = *properties.find("delivery_info")->if_object();
        EXPECT_EQ(*headers.find("redelivered"), Value{true});
        EXPECT_EQ(*info.find("redelivered"), Value{true});
        headers.erase("redelivered");
        info.erase("redelivered");
        EXPECT_EQ(value, parsed(original));
    }

    RedisWorld world{Store::redis, nullptr};
    std::string url = world.server().url();
    std::unique_ptr<Broker> broker = world.connect();
};

TEST_F(Kombu, sees_and_touches_nothing_of_what_we_reserve) {
    publish({"a"});
    publish({"b"}, {"celery", 3});
    const auto w = registered("w1");
    const auto held = reserve(w);
    ASSERT_EQ(held.size(), 2u);
    python("connection.transport_options['visibility_timeout'] = 1\nchannel.visibility_timeout = 1\nsweep()\n");
    EXPECT_EQ(unacked(), 0u);
    EXPECT_TRUE(queue({"celery", 0}).empty());
    for (const auto& message : held) EXPECT_EQ(complete(w, message), Completed::done);
}

TEST_F(Kombu, two_messages_with_one_delivery_tag_are_nobodys_harm) {
    publish({"same"});
    publish({"same"});
    python("take('celery', 1)\nleave()\n");
    const auto w = registered("w1");
    const auto ours = reserve(w).at(0);
    EXPECT_EQ(unacked(), 1u);
    python("channel.qos._remove_from_indices('tag-same').execute()\n");  // what kombu's ack sends
    EXPECT_EQ(unacked(), 0u);
    EXPECT_EQ(complete(w, ours), Completed::done);
}

TEST_F(Kombu, an_ack_that_comes_after_the_restore_touches_nobodys_reservation) {
    publish({"a"});
    python("take('celery', 1)\nleave()\n");
    age_reservations();
    EXPECT_EQ(run(broker->restore_foreign(1h)), 1u);
    const auto w = registered("w1");
    const auto ours = reserve(w).at(0);
    python("channel.qos._remove_from_indices('tag-a').execute()\n");
    EXPECT_EQ(complete(w, ours), Completed::done);
}

TEST_F(Kombu, what_a_killed_consumer_left_comes_back_to_its_prioritys_list_oldest_first) {
    python(R"(
producer = Producer(channel, serializer='json')
for number, priority in enumerate([0, 0, 9, 4]):
    producer.publish({'чай': number, 'nothing': []}, routing_key='celery', declare=[Queue('celery', Exchange(''), routing_key='celery')],
                     exchange='', priority=priority, headers={'id': str(number)}, delivery_mode=2)
)");
    const auto before = world.view();
    python("take('celery', 4)\nleave()\n");
    EXPECT_EQ(unacked(), 4u);
    EXPECT_EQ(run(broker->restore_foreign(1h)), 0u) << "they are young";
    age_reservations();
    EXPECT_EQ(run(broker->restore_foreign(1h)), 4u);
    EXPECT_EQ(unacked(), 0u);
    const auto after = world.view();
    ASSERT_EQ(after.queues.size(), before.queues.size());
    for (const auto& [route, messages] : before.queues) {
        const auto& restored = after.queues.at(route);
        ASSERT_EQ(restored.size(), messages.size());
        for (std::size_t i = 0; i < messages.size(); ++i) expect_restored(restored[i], messages[i]);
    }
}

TEST_F(Kombu, takes_what_we_publish_and_what_we_give_back) {
    publish({"a", "b"});
    const auto w = registered("w1");
    const auto held = reserve(w);
    run(broker->complete(
        w, {.completions = {{.reservation = held[0].id, .moves = {Push{.route = held[0].route, .front = true}}},
                            {.reservation = held[1].id, .moves = {Push{.route = held[1].route}}}}}));
    const auto lines = python(R"(
for message in take('celery', 2):
    print(message.headers['id'])
    message.ack()
)");
    EXPECT_EQ(lines, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(unacked(), 0u);
}

TEST_F(Kombu, a_restore_of200_messages_gets_through_beside_our_load) {
    for (int i = 0; i < 200; ++i) {
        const auto tag = fmt::format("foreign-{:03}", i);
        world.command({"HSET", "unacked", tag, "[" + envelope(tag) + ", \"\", \"slow\"]"});
        world.command({"ZADD", "unacked_index", std::to_string(1'000 + i), tag});
    }
    const auto w = registered("w1");
    world.command({"CONFIG", "RESETSTAT"});
    std::atomic<bool> restored{false};
    std::exception_ptr failure;
    std::thread sweeper{[&] {
        try {
            python("sweep()\n");
        } catch (...) {
            failure = std::current_exception();
        }
        restored = true;
    }};
    std::uint64_t batch = 0;
    std::size_t done = 0;
    while (!restored) {
        std::vector<Outgoing> load;
        for (int i = 0; i < 128; ++i)
            load.push_back({.route = {"celery", 0}, .envelope = envelope("load"), .id = "load"});
        run(broker->publish_many(std::move(load)));
        std::vector<Completion> completions;
        for (const auto& message : reserve(w, ++batch)) completions.push_back({.reservation = message.id});
        done += completions.size();
        run(broker->complete(w, {std::move(completions)}));
    }
    sweeper.join();
    if (failure) std::rethrow_exception(failure);
    EXPECT_EQ(done, 128 * batch);
    EXPECT_EQ(unacked(), 0u);
    const auto messages = queue({"slow", 0});
    ASSERT_EQ(messages.size(), 200u);
    EXPECT_EQ(id_of(messages.front()), "foreign-000");
    EXPECT_EQ(id_of(messages.back()), "foreign-199");
    // kombu watches `unacked` for each message and begins again when anybody has touched it.
    EXPECT_THAT(world.command({"INFO", "commandstats"}).text(), HasSubstr("cmdstat_watch:calls=200,"));
}

}  // namespace
}  // namespace samovar::broker
