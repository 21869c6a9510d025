#include <thread>

#include <gmock/gmock.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/describe/class.hpp>
#include <samovar/app.hpp>
#include <samovar/error.hpp>
#include <samovar/message.hpp>

#include "message/body.hpp"
#include "message/envelope.hpp"
#include "redis/connection.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"

namespace samovar {
namespace {

using namespace std::chrono_literals;
using testing::Loop;
using testing::RedisServer;

struct Sum {
    int x = 0;
    int y = 0;
};
BOOST_DESCRIBE_STRUCT(Sum, (), (x, y))

class Delay : public ::testing::Test {
protected:
    AppOptions options() const { return {.broker_url = server.url(), .call_timeout = 10s}; }

    std::vector<std::string> queued(const std::string& list) {
        std::vector<std::string> messages;
        const auto reply = loop.run(admin.command({"LRANGE", list, "0", "-1"}));
        for (const auto& element : reply.array()) messages.push_back(element.text());
        return messages;
    }

    RedisServer server;
    Loop loop;
    redis::Connection admin{loop.executor(), {.endpoint = redis::parse_url(server.url())}};
};

TEST_F(Delay, returns_when_the_message_is_in_its_queue) {
    App app{"shop", options()};
    const auto sum = app.remote<Sum>("shop.sum");
    const auto result = sum.delay({.x = 1, .y = 2});
    const auto messages = queued("celery");
    ASSERT_EQ(messages.size(), 1u);
    const auto message = message::decode(messages[0]);
    EXPECT_EQ(message.id, result.id());
    EXPECT_EQ(message.task, "shop.sum");
    EXPECT_EQ(message::decode_body(message).kwargs, (Object{{"x", 1}, {"y", 2}}));
}

Message made_ahead(std::string id = "task-1") {
    return MessageWriter{AppOptions{}}.write(
        {.task = "shop.sum", .kwargs = {{"x", 1}}, .options = {.queue = "celery", .id = std::move(id)}}, {});
}

TEST_F(Delay, pushes_a_message_that_was_made_ahead_byte_for_byte_and_once) {
    App app{"shop", options()};
    const auto message = made_ahead();
    loop.run(app.async_push(message));
    loop.run(app.async_push(message));
    EXPECT_EQ(queued("celery"), std::vector{message.bytes});
}

TEST_F(Delay, refuses_a_message_that_no_writer_made_or_that_is_too_large) {
    auto small = options();
    small.max_message_size = 2'000;
    App app{"shop", small};
    for (const std::string bytes : {"", "rubbish", "[]", "{}", "{\"body\": 1}", "{\"body\": \"W10=\""}) {
        auto message = made_ahead();
        message.bytes = bytes;
        EXPECT_THROW(loop.run(app.async_push(message)), MessageRefused) << bytes;
    }
    auto large = made_ahead();
    large.bytes.insert(10, std::string(2'000, 'x'));
    EXPECT_THROW(loop.run(app.async_push(large)), MessageTooLarge);
    auto nameless = made_ahead();
    nameless.id.clear();
    EXPECT_THROW(loop.run(app.async_push(nameless)), MessageRefused);
    EXPECT_TRUE(queued("celery").empty());
}

TEST_F(Delay, refuses_a_message_for_a_queue_whose_name_is_something_elses) {
    App app{"shop", options()};
    loop.run(admin.command({"SET", "celery", "a text"}));
    EXPECT_THROW(loop.run(app.async_push(made_ahead())), MessageRefused);
    loop.run(admin.command({"DEL", "celery"}));
    loop.run(app.async_push(made_ahead()));
    EXPECT_EQ(queued("celery").size(), 1u) << "the refusal left no mark";
}

TEST_F(Delay, makes_the_queue_known_to_celerys_clients) {
    App app{"shop", options()};
    app.send("any.task");
    const auto bindings = loop.run(admin.command({"SMEMBERS", "_kombu.binding.celery"}));
    ASSERT_EQ(bindings.array().size(), 1u);
    EXPECT_EQ(bindings.array()[0].text(),
              "celery\x06\x16\x06\x16"
              "celery");
}

TEST_F(Delay, sends_where_the_queue_cannot_be_made_known) {
    loop.run(admin.command({"SET", "_kombu.binding.celery", "no set"}));
    App app{"shop", options()};
    app.send("any.task");
    EXPECT_EQ(queued("celery").size(), 1u);
}

TEST_F(Delay, says_that_nothing_was_sent_to_what_is_no_queue) {
    loop.run(admin.command({"SET", "celery", "no list"}));
    App app{"shop", options()};
    EXPECT_THROW(app.send("any.task"), StoreUnavailable);
    EXPECT_THROW(app.send("any.task", {}, {}, {.id = "row-20", .once = true}), StoreUnavailable);
    EXPECT_THROW(app.send("any.task", {}, {}, {.countdown = 1h}), StoreUnavailable);
}

TEST_F(Delay, works_from_many_threads_at_once) {
    App app{"shop", options()};
    const auto sum = app.remote<Sum>("shop.sum");
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 8; ++thread) {
            threads.emplace_back([&] {
                for (int i = 0; i < 50; ++i) sum.delay({.x = i, .y = i});
            });
        }
    }
    std::set<std::string> ids;
    for (const auto& message : queued("celery")) ids.insert(message::decode(message).id);
    EXPECT_EQ(ids.size(), 400u);
}

TEST_F(Delay, works_from_a_coroutine_of_another_loop) {
    App app{"shop", options()};
    const auto sum = app.remote<Sum>("shop.sum");
    const auto result = loop.run(sum.async_apply({.x = 3, .y = 4}, {.queue = "fast", .priority = 9}));
    EXPECT_EQ(message::decode(queued("fast\x06\x16"
                                     "9")
                                  .at(0))
                  .id,
              result.id());
}

TEST_F(Delay, publishes_an_id_once_when_asked_to) {
    App app{"shop", options()};
    const CallOptions once{.id = "row-17", .once = true};
    EXPECT_EQ(app.send("any.task", {}, {}, once).id(), "row-17");
    EXPECT_EQ(app.send("any.task", {}, {}, once).id(), "row-17");
    EXPECT_EQ(queued("celery").size(), 1u);
}

TEST_F(Delay, says_that_nothing_was_sent_when_the_store_is_down) {
    server.kill();
    auto impatient = options();
    impatient.call_timeout = 100ms;
    App app{"shop", impatient};
    EXPECT_THROW(app.send("any.task"), StoreUnavailable);
}

TEST_F(Delay, says_that_the_outcome_is_unknown_when_the_store_does_not_answer) {
    auto impatient = options();
    impatient.call_timeout = 300ms;
    App app{"shop", impatient};
    app.send("any.task");
    server.pause();
    try {
        app.send("any.task", {}, {}, {.id = "row-18"});
        FAIL() << "sent";
    } catch (const PublishUncertain& error) {
        EXPECT_EQ(error.task_id(), "row-18");
    }
    EXPECT_THROW(app.send("any.task", {}, {}, {.id = "row-19", .once = true}), StoreUnavailable);
    server.resume();
}

TEST_F(Delay, says_why_the_store_refuses) {
    loop.run(admin.command({"CONFIG", "SET", "maxmemory", "1"}));
    App app{"shop", options()};
    try {
        app.send("any.task");
        FAIL() << "sent";
    } catch (const StoreUnavailable& error) {
        EXPECT_THAT(error.what(), ::testing::HasSubstr("OOM"));
    }
}

TEST_F(Delay, sends_nothing_that_is_over_the_limit) {
    auto small = options();
    small.max_message_size = 1000;
    App app{"shop", small};
    EXPECT_THROW(app.send("any.task", {std::string(1000, 'x')}), MessageTooLarge);
    EXPECT_TRUE(queued("celery").empty());
}

TEST_F(Delay, puts_the_prefix_before_every_key) {
    auto prefixed = options();
    prefixed.broker_prefix = "app1:";
    App app{"shop", prefixed};
    app.send("any.task");
    EXPECT_EQ(queued("app1:celery").size(), 1u);
    EXPECT_EQ(loop.run(admin.command({"EXISTS", "app1:_kombu.binding.celery"})).integer(), 1);
}

}  // namespace
}  // namespace samovar
