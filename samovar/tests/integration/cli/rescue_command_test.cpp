#include <future>
#include <thread>

#include <gmock/gmock.h>

#include "broker/broker.hpp"
#include "redis/connection.hpp"
#include "support/captured_run.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"
#include "task/app_impl.hpp"

namespace samovar {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::run_command;

/// Workers whose processes are gone: what they left is in the store.
class Rescue : public ::testing::Test {
protected:
    broker::Identity registered(const std::string& incarnation, std::chrono::milliseconds lease) {
        const broker::Identity who{incarnation, incarnation + "@host", 1};
        renew(who, lease, true);
        return who;
    }
    void renew(const broker::Identity& who, std::chrono::milliseconds lease, bool first = false) {
        loop.run(broker->renew({.who = who, .lease = lease, .first = first}));
    }
    std::vector<broker::Reserved> reserve(const broker::Identity& who) {
        return loop.run(broker->reserve(who, {.routes = {{"celery", 0}}, .max_messages = 10})).messages;
    }
    std::int64_t length(const std::string& list) { return loop.run(admin.command({"LLEN", list})).integer(); }

    testing::RedisServer server;
    testing::Loop loop;
    redis::Connection admin{loop.executor(), {.endpoint = redis::parse_url(server.url())}};
    App app{"shop", {.broker_url = server.url()}};
    std::unique_ptr<broker::Broker> broker = app.impl().make_broker(loop.executor(), "test");
};

TEST_F(Rescue, waits_for_the_leases_of_the_dead_and_puts_everything_back) {
    for (int i = 0; i < 3; ++i) app.send("shop.sum", {i});
    const auto dead = registered("dead", 300ms);
    const auto messages = reserve(dead);
    loop.run(broker->start(dead, {{.reservation = messages.at(0).id}}));
    app.send("shop.sum", {4}, {}, {.countdown = 1h});

    const auto output = run_command(app, {"rescue"});
    EXPECT_EQ(output.exit_code, 0) << output.err;
    EXPECT_THAT(output.out, HasSubstr("1 worker is on the register: waiting 0.3 s"));
    EXPECT_THAT(output.out, HasSubstr("reserved by dead workers: 2 messages put back"));
    EXPECT_THAT(output.out, HasSubstr("delayed: 1 message put into their queues"));
    EXPECT_THAT(output.out, HasSubstr("acknowledged before they ran: 1 message not put back"));
    EXPECT_EQ(length("celery"), 3);
    EXPECT_EQ(loop.run(broker->registered()).workers, 0u);

    const auto again = run_command(app, {"rescue"});
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_THAT(again.out, HasSubstr("reserved by dead workers: 0 messages"));
    EXPECT_EQ(length("celery"), 3);
}

TEST_F(Rescue, takes_over_what_an_earlier_release_left_among_celerys) {
    app.send("shop.sum", {1});
    const auto envelope = loop.run(admin.command({"RPOP", "celery"})).text();
    loop.run(admin.command({"ZADD", "samovar:workers", "1", "old"}));
    loop.run(admin.command({"HSET", "samovar:held:old", "old:1:1", "rcelery"}));
    loop.run(admin.command({"HSET", "unacked", "old:1:1", "[" + envelope + R"(,"","celery"])"}));
    const auto output = run_command(app, {"rescue"});
    EXPECT_EQ(output.exit_code, 0) << output.err;
    EXPECT_THAT(output.out, HasSubstr("of an earlier release: 1 message put back"));
    EXPECT_EQ(loop.run(admin.command({"RPOP", "celery"})).text(), envelope);
}

TEST_F(Rescue, is_refused_by_name_while_a_worker_renews_its_lease) {
    app.send("shop.sum", {1});
    const auto living = registered("living", 2s);
    reserve(living);
    auto done = std::async(std::launch::async, [&] { return run_command(app, {"rescue"}); });
    while (done.wait_for(0s) != std::future_status::ready) renew(living, 2s);
    const auto output = done.get();
    EXPECT_EQ(output.exit_code, 1);
    EXPECT_THAT(output.err, HasSubstr("worker living@host is running"));
    EXPECT_EQ(length("celery"), 0);
    EXPECT_EQ(loop.run(broker->registered()).workers, 1u);
}

TEST_F(Rescue, is_refused_beside_a_newer_release) {
    loop.run(admin.command({"SET", "samovar:layout", "3"}));
    const auto output = run_command(app, {"rescue"});
    EXPECT_EQ(output.exit_code, 1);
    EXPECT_THAT(output.err, HasSubstr("newer Samovar"));
}

}  // namespace
}  // namespace samovar
