// A mailbox against a real Redis.
#include "control/mailbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/app.hpp>
#include <samovar/json.hpp>
#include <samovar/log.hpp>

#include "redis/connection.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"

namespace samovar::control {
namespace {

using testing::RedisServer;

class QuietNode final : public Node {
public:
    const NodeFacts& facts() const override { return known; }
    std::vector<TaskInfo> active() const override { return {}; }
    std::vector<TaskInfo> reserved() const override { return {}; }
    asio::awaitable<DelayedTasks> delayed() override { co_return DelayedTasks{}; }
    void shut_down() override { ++shut_downs; }

    NodeFacts known;
    int shut_downs = 0;
};

std::string request(std::string_view method, Object more = {}) {
    Object body{{"method", method}, {"arguments", Object{}}, {"destination", nullptr}};
    for (const auto& [name, value] : more) body.set(name, value);
    return json::dump(Object{{"body", json::dump(body)},
                             {"content-encoding", "utf-8"},
                             {"content-type", "application/json"},
                             {"headers", Object{{"clock", 1}}},
                             {"properties", Object{}}});
}

const Object to_me{{"ticket", "t"},
                   {"reply_to", Object{{"exchange", "reply.celery.pidbox"}, {"routing_key", "me"}}}};

class MailboxTest : public ::testing::Test {
protected:
    MailboxTest() : MailboxTest(testing::RedisServerOptions{}, "") {}
    MailboxTest(testing::RedisServerOptions options, const std::string& sign_in)
        : server(std::move(options)),
          app("test", {.broker_url = "redis://" + sign_in + "127.0.0.1:" + std::to_string(server.port()) + "/2",
                       .broker_prefix = "app1:"}),
          admin(loop.executor(), {.endpoint = redis::parse_url(server.url(2))}) {
        node.known.name = "w1@host";
        node.known.app = &app.impl();
        mailbox = std::make_unique<Mailbox>(loop.executor(), node);
    }

    /// Returns once it listens, or may not.
    void open() {
        bool listening = false;
        asio::co_spawn(loop.executor(), mailbox->run([&] { listening = true; }),
                       [this](std::exception_ptr) { ended = true; });
        loop.until([&] { return listening; });
    }
    redis::Reply command(redis::Request request) { return loop.run(admin.command(std::move(request))); }
    redis::Reply publish(const std::string& message) {
        return command({"PUBLISH", "app1:/2.celery.pidbox", message});
    }
    /// Answers that arrived, the last one first.
    redis::Reply answers() { return command({"LRANGE", "app1:me.reply.celery.pidbox", "0", "-1"}); }
    void wait_for_me() {
        command({"SADD", "app1:_kombu.binding.reply.celery.pidbox", "me\x06\x16\x06\x16me.reply.celery.pidbox"});
    }

    RedisServer server;
    testing::Loop loop;
    App app;
    QuietNode node;
    redis::Connection admin;
    std::unique_ptr<Mailbox> mailbox;
    bool ended = false;
};

TEST_F(MailboxTest, answers_who_waits_under_the_prefix_and_in_the_database) {
    open();
    wait_for_me();
    EXPECT_EQ(publish(request("ping", to_me)), redis::Reply{1});
    loop.until([&] { return answers().array().size() == 1; });
    EXPECT_EQ(*json::parse(answers().array()[0].text()).find("headers")->find("ticket"), Value{"t"});
    EXPECT_GT(command({"TTL", "app1:me.reply.celery.pidbox"}).integer(), 3500);
}

TEST_F(MailboxTest, who_does_not_wait_any_more_gets_nothing) {
    open();
    publish(request("ping", to_me));
    publish(request("shutdown"));
    // One is done with before the next one is begun.
    loop.until([&] { return node.shut_downs == 1; });
    wait_for_me();
    publish(request("ping", to_me));
    loop.until([&] { return !answers().array().empty(); });
    EXPECT_EQ(answers().array().size(), 1U);
}

TEST_F(MailboxTest, a_cast_is_obeyed_and_not_answered) {
    open();
    publish(request("shutdown"));
    loop.until([&] { return node.shut_downs == 1; });
}

TEST_F(MailboxTest, malformed_requests_and_a_reply_list_of_another_type_leave_it_listening) {
    open();
    wait_for_me();
    publish("garbage");
    publish(request("", {}));
    publish(request("ping", {{"pattern", "("}, {"matcher", "pcre"}}));
    command({"SET", "app1:me.reply.celery.pidbox", "no list"});
    publish(request("ping", to_me));
    publish(request("shutdown"));
    loop.until([&] { return node.shut_downs == 1; });
    command({"DEL", "app1:me.reply.celery.pidbox"});
    publish(request("ping", to_me));
    loop.until([&] { return answers().array().size() == 1; });
}

TEST_F(MailboxTest, what_comes_while_too_many_wait_is_dropped) {
    open();
    wait_for_me();
    // One script, so that all come in one piece, before the first can be answered.
    command({"EVAL", "for _ = 1, 1000 do redis.call('PUBLISH', KEYS[1], ARGV[1]) end", "1",
             "app1:/2.celery.pidbox", request("ping", to_me)});
    publish(request("shutdown"));
    loop.until([&] { return answers().array().size() >= 100; });
    publish(request("shutdown"));
    loop.until([&] { return node.shut_downs >= 1; });
    EXPECT_LT(answers().array().size(), 1000U);
}

TEST_F(MailboxTest, a_method_that_nobody_knows_is_one_line_however_often_it_is_cast) {
    std::vector<std::string> lines;
    const log::ScopedSink sink{[&](const log::Record& record) { lines.emplace_back(record.message); }};
    open();
    wait_for_me();
    for (int i = 0; i < 3; ++i) publish(request("re\nvoke" + std::string(1'000, 'x')));
    publish(request("rate_limit", to_me));
    loop.until([&] { return answers().array().size() == 1; });
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_THAT(lines[0], ::testing::StartsWith("remote control: there is no method \"re\\nvokexxx"));
    EXPECT_LT(lines[0].size(), 350U);
    EXPECT_EQ(lines[1], "remote control: there is no method \"rate_limit\"");
}

TEST_F(MailboxTest, ends_when_it_is_stopped) {
    open();
    mailbox->stop();
    loop.until([&] { return ended; });
}

class RefusedMailboxTest : public MailboxTest {
protected:
    RefusedMailboxTest() : MailboxTest({.users = {"bob on >pw ~* resetchannels +@all"}}, "bob:pw@") {}
};

TEST_F(RefusedMailboxTest, a_store_that_forbids_the_channel_is_told_once_and_done_with) {
    open();
    EXPECT_FALSE(ended) << "it stays until it is told to go, as every role";
    mailbox->stop();
    loop.until([&] { return ended; });
}

}  // namespace
}  // namespace samovar::control
