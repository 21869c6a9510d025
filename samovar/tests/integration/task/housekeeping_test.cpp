// Processes that are no workers put back what killed ones left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/app.hpp>

#include "broker/broker.hpp"
#include "redis/connection.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"
#include "task/app_impl.hpp"

namespace samovar {
namespace {

using namespace std::chrono_literals;

class HousekeepingTest : public ::testing::Test {
protected:
    std::int64_t waiting() { return loop.run(admin.command({"LLEN", "celery"})).integer(); }

    testing::RedisServer server;
    testing::Loop loop;
    redis::Connection admin{loop.executor(), {.endpoint = redis::parse_url(server.url())}};
    App app{"shop", {.broker_url = server.url()}};
};

TEST_F(HousekeepingTest, puts_back_what_a_dead_worker_held_and_moves_what_is_overdue) {
    auto broker = app.impl().make_broker(loop.executor(), "test");
    const broker::Identity dead{"dead", "dead@host", 1};
    loop.run(broker->renew({.who = dead, .lease = 300ms, .first = true}));
    app.send("shop.sum", {1});
    app.send("shop.sum", {2}, {}, {.countdown = 100ms});
    ASSERT_EQ(loop.run(broker->reserve(dead, {.routes = {{"celery", 0}}})).messages.size(), 1u);
    ASSERT_EQ(loop.run(admin.command({"ZCARD", "samovar:delayed"})).integer(), 1);

    const Housekeeping housekeeping{app, {.lease = 1s}};
    while (waiting() < 2) {
    }
    EXPECT_EQ(loop.run(broker->registered()).workers, 0u);
}

TEST_F(HousekeepingTest, ends_at_once_and_unseen_when_it_is_asked_to) {
    bool ended = false;
    {
        const Housekeeping housekeeping{app, {.ended = [&] { ended = true; }}};
    }
    EXPECT_FALSE(ended);
}

TEST_F(HousekeepingTest, an_impossible_lease_is_refused) {
    EXPECT_THROW((Housekeeping{app, {.lease = 9ms}}), std::invalid_argument);
}

}  // namespace
}  // namespace samovar
