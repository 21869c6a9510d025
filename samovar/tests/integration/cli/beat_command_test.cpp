// `beat list|add|pause|resume|remove|run` on a real Redis, without a beat running.
#include <gmock/gmock.h>
#include <samovar/json.hpp>

#include "message/envelope.hpp"
#include "redis/connection.hpp"
#include "support/captured_run.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"

namespace samovar {
namespace {

using ::testing::HasSubstr;
using testing::run_command;

class BeatCommand : public ::testing::Test {
protected:
    Value only_entry() {
        const auto output = run_command(app, {"beat", "list", "--json"});
        EXPECT_EQ(output.exit_code, 0) << output.err;
        return json::parse(output.out).if_array()->at(0);
    }

    testing::RedisServer server;
    testing::Loop loop;
    redis::Connection admin{loop.executor(), {.endpoint = redis::parse_url(server.url())}};
    App app{"shop", {.broker_url = server.url()}};
};

TEST_F(BeatCommand, add_puts_an_entry_that_list_shows) {
    auto output = run_command(app, {"beat", "add", "tidy", "shop.tidy", "every 90s", "--args", "[1]"});
    EXPECT_EQ(output.exit_code, 0) << output.err;
    EXPECT_EQ(output.out, "tidy is added\n");
    const auto entry = only_entry();
    EXPECT_EQ(*entry.find("name"), Value{"tidy"});
    EXPECT_EQ(*entry.find("schedule"), Value{"every 90s"});
    EXPECT_EQ(*entry.find("task"), Value{"shop.tidy"});
    EXPECT_EQ(*entry.find("next"), Value{}) << "no beat has planned it";
    EXPECT_EQ(*entry.find("paused"), Value{false});
    output = run_command(app, {"beat", "add", "tidy", "shop.tidy", "crontab 0 4 * * mon Europe/Moscow"});
    EXPECT_EQ(output.out, "tidy is replaced\n");
    EXPECT_EQ(run_command(app, {"beat", "list"}).out,
              "tidy  crontab 0 4 * * mon Europe/Moscow  shop.tidy  next when a beat runs  last never\n");
}

TEST_F(BeatCommand, a_malformed_schedule_is_bad_usage_and_names_the_field) {
    const auto output = run_command(app, {"beat", "add", "tidy", "shop.tidy", "crontab 0 25 * * *"});
    EXPECT_EQ(output.exit_code, 2);
    EXPECT_THAT(output.err, HasSubstr("hour: '25' is out of range; allowed: *, a number from 0 to 23"));
    EXPECT_EQ(run_command(app, {"beat", "list", "--json"}).out, "[]\n");
}

TEST_F(BeatCommand, pause_resume_and_remove) {
    run_command(app, {"beat", "add", "tidy", "shop.tidy", "every 90s"});
    EXPECT_EQ(run_command(app, {"beat", "pause", "tidy"}).out, "tidy is paused\n");
    EXPECT_EQ(*only_entry().find("paused"), Value{true});
    EXPECT_EQ(run_command(app, {"beat", "resume", "tidy"}).out, "tidy is resumed\n");
    EXPECT_EQ(*only_entry().find("paused"), Value{false});
    EXPECT_EQ(run_command(app, {"beat", "remove", "tidy"}).out, "tidy is removed\n");
    for (const auto* action : {"pause", "resume", "remove", "run"}) {
        const auto output = run_command(app, {"beat", action, "tidy"});
        EXPECT_EQ(output.exit_code, 1);
        EXPECT_THAT(output.err, HasSubstr("there is no beat entry tidy"));
    }
}

TEST_F(BeatCommand, run_sends_an_entrys_task_now) {
    run_command(app, {"beat", "add", "tidy", "shop.tidy", "every 90s", "--kwargs", R"({"deep": true})", "--queue",
                      "slow"});
    const auto output = run_command(app, {"beat", "run", "tidy"});
    const auto queue = loop.run(admin.command({"LRANGE", "slow", "0", "-1"}));
    const auto message = message::decode(queue.array().at(0).text());
    EXPECT_EQ(output.out, message.id + "\n");
    EXPECT_EQ(message.task, "shop.tidy");
    EXPECT_EQ(*message.extra_headers.find("periodic_task_name"), Value{"tidy"});
}

TEST_F(BeatCommand, list_names_what_is_wrong_with_an_entry) {
    loop.run(admin.command({"HSET", "samovar:beat:shop:entries", "tidy", R"({"task":"t","schedule":"hourly"})"}));
    EXPECT_THAT(run_command(app, {"beat", "list"}).out, HasSubstr("tidy  broken: schedule: 'hourly'"));
    EXPECT_THAT(*only_entry().find("problem")->if_string(), HasSubstr("'hourly'"));
}

}  // namespace
}  // namespace samovar
