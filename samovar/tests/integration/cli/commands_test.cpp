#include <signal.h>

#include <thread>

#include <gmock/gmock.h>
#include <boost/describe/class.hpp>
#include <samovar/json.hpp>
#include <samovar/testing/manual_clock.hpp>

#include "broker/broker.hpp"
#include "message/envelope.hpp"
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

struct Sum {
    int x = 0;
    int y = 0;
};
BOOST_DESCRIBE_STRUCT(Sum, (), (x, y))

class Commands : public ::testing::Test {
protected:
    message::TaskMessage only_message(const std::string& list) {
        const auto reply = loop.run(admin.command({"LRANGE", list, "0", "-1"}));
        if (reply.array().size() != 1) throw std::runtime_error(list + " does not hold one message");
        envelope = reply.array()[0].text();
        return message::decode(envelope);
    }

    /// Sends a task and has it die, as a worker does that cannot run it.
    void make_dead_letter(const std::string& id, const std::string& reason) {
        app.send("shop.unknown", {"чай"}, {}, {.queue = "fast", .id = id, .priority = 6});
        auto broker = app.impl().make_broker(loop.executor(), "test");
        const broker::Identity who{.incarnation = "worker-of-" + id, .node = "test@host", .pid = 1};
        loop.run(broker->renew({.who = who, .lease = 10s, .first = true}));
        auto held = loop.run(broker->reserve(who, {.routes = {{"fast", 6}}})).messages;
        broker::Completion end{.reservation = held.at(0).id, .fingerprint = {}, .result = {}, .moves = {}};
        end.moves.push_back(
            broker::Bury{.route = {"fast", 6}, .id = id, .task = "shop.unknown", .reason = reason});
        loop.run(broker->complete(who, {.completions = {end}}));
    }

    Array dead_letters() {
        const auto output = run_command(app, {"dead", "list", "--json"});
        EXPECT_EQ(output.exit_code, 0) << output.err;
        auto list = json::parse(output.out);
        return *list.if_array();
    }

    testing::RedisServer server;
    testing::Loop loop;
    redis::Connection admin{loop.executor(), {.endpoint = redis::parse_url(server.url())}};
    App app{"shop", {.broker_url = server.url(), .routes = {{"shop.sum", "main-queue"}}}};
    std::string envelope;
};

TEST_F(Commands, call_sends_a_task_where_it_is_routed_and_prints_its_id) {
    const auto output = run_command(app, {"call", "shop.sum", "--args", "[1]", "--kwargs", R"({"y": 2})"});
    EXPECT_EQ(output.exit_code, 0) << output.err;
    EXPECT_EQ(output.out, only_message("main-queue").id + "\n");
}

TEST_F(Commands, call_sends_with_the_options_given) {
    const testing::ManualClock clock;
    App stopped{"shop", {.broker_url = server.url(), .clock = &clock}};
    const auto output = run_command(stopped, {"call", "any.task", "--queue", "fast", "--id", "my-id", "--priority",
                                              "9", "--eta", "2020-01-02T03:04:05+03:00", "--expires", "60"});
    EXPECT_EQ(output.out, "my-id\n");
    const auto message = only_message(
        "fast\x06\x16"
        "9");
    EXPECT_EQ(message.id, "my-id");
    EXPECT_EQ(message.eta, WallTime{std::chrono::sys_days{std::chrono::year{2020} / 1 / 2} + 4min + 5s});
    EXPECT_EQ(message.expiration, 60s);
}

TEST_F(Commands, result_prints_what_the_task_returned) {
    loop.run(
        admin.command({"SET", "celery-task-meta-my-id",
                       R"({"status": "SUCCESS", "result": {"name": "\u0447\u0430\u0439"}, "task_id": "my-id"})"}));
    const auto output = run_command(app, {"result", "my-id"});
    EXPECT_EQ(output.exit_code, 0);
    EXPECT_EQ(output.out, "{\"name\":\"чай\"}\n");
    EXPECT_EQ(run_command(app, {"result", "my-id", "--wait"}).out, output.out);
}

TEST_F(Commands, result_says_why_there_is_none) {
    auto output = run_command(app, {"result", "my-id"});
    EXPECT_EQ(output.exit_code, 1);
    EXPECT_THAT(output.err, HasSubstr("PENDING"));
    output = run_command(app, {"result", "my-id", "--wait", "0.01"});
    EXPECT_EQ(output.exit_code, 1);
    EXPECT_THAT(output.err, HasSubstr("10 ms"));
    loop.run(admin.command({"SET", "celery-task-meta-my-id",
                            R"({"status": "FAILURE", "result": {"exc_type": "ValueError", "exc_message": ["boom"],
                                "exc_module": "builtins"}, "traceback": "t", "task_id": "my-id"})"}));
    output = run_command(app, {"result", "my-id", "--wait", "10"});
    EXPECT_EQ(output.exit_code, 1);
    EXPECT_EQ(output.out, "");
    EXPECT_THAT(output.err, HasSubstr("ValueError: boom"));
}

TEST_F(Commands, dead_lists_letters_for_people_and_for_programs) {
    EXPECT_EQ(dead_letters(), Array{});
    make_dead_letter("id-1", "unknown task shop.unknown");
    const auto letters = dead_letters();
    ASSERT_EQ(letters.size(), 1u);
    std::vector<std::string> names;
    for (const auto& [name, value] : *letters[0].if_object()) names.push_back(name);
    EXPECT_EQ(names, (std::vector<std::string>{"id", "task", "queue", "reason", "at", "size"}));
    EXPECT_EQ(*letters[0].find("id"), Value{"id-1"});
    EXPECT_EQ(*letters[0].find("task"), Value{"shop.unknown"});
    EXPECT_EQ(*letters[0].find("queue"), Value{"fast"});
    EXPECT_EQ(*letters[0].find("reason"), Value{"unknown task shop.unknown"});
    EXPECT_THAT(run_command(app, {"dead", "list"}).out, HasSubstr("id-1"));
}

TEST_F(Commands, dead_shows_a_letter_with_its_bytes) {
    make_dead_letter("id-1", "unknown task");
    const auto output = run_command(app, {"dead", "show", "id-1"});
    EXPECT_EQ(output.exit_code, 0);
    EXPECT_THAT(output.out, HasSubstr("reason: unknown task"));
    EXPECT_THAT(output.out, HasSubstr(R"("task": "shop.unknown")"));
}

TEST_F(Commands, dead_puts_a_letter_back_into_its_queue_at_its_priority) {
    make_dead_letter("id-1", "unknown task");
    make_dead_letter("id-2", "unknown task");
    const auto output = run_command(app, {"dead", "retry", "id-1"});
    EXPECT_EQ(output.exit_code, 0) << output.err;
    EXPECT_EQ(output.out, "id-1 is back in fast\n");
    EXPECT_EQ(only_message("fast\x06\x16"
                           "6")
                  .id,
              "id-1");
    EXPECT_EQ(dead_letters().size(), 1u);
}

TEST_F(Commands, dead_drops_letters) {
    make_dead_letter("id-1", "unknown task");
    make_dead_letter("id-2", "unknown task");
    EXPECT_EQ(run_command(app, {"dead", "drop", "id-1", "id-2"}).exit_code, 0);
    EXPECT_EQ(dead_letters(), Array{});
}

TEST_F(Commands, dead_changes_nothing_when_one_id_is_unknown) {
    make_dead_letter("id-1", "unknown task");
    const auto output = run_command(app, {"dead", "drop", "id-1", "id-3"});
    EXPECT_EQ(output.exit_code, 1);
    EXPECT_THAT(output.err, HasSubstr("id-3"));
    EXPECT_EQ(dead_letters().size(), 1u);
}

TEST_F(Commands, worker_runs_tasks_until_it_is_told_to_stop) {
    const auto sum = app.task<Sum>("shop.sum", [](const Sum& sum) { return sum.x + sum.y; });
    testing::CommandOutput output;
    std::thread worker{[&] { output = run_command(app, {"worker", "-c", "1", "-n", "test", "--lease", "1"}); }};
    EXPECT_EQ(sum.delay({.x = 1, .y = 2}).get<int>(20s), 3);
    ::kill(::getpid(), SIGTERM);
    worker.join();
    EXPECT_EQ(output.exit_code, 0);
    EXPECT_THAT(output.err, HasSubstr("shop.sum"));
}

TEST_F(Commands, worker_runs_the_tasks_of_an_application_in_memory) {
    App in_memory{"shop", {.broker_url = "memory://"}};
    const auto sum = in_memory.task<Sum>("shop.sum", [](const Sum& sum) { return sum.x + sum.y; });
    testing::CommandOutput output;
    std::thread worker{[&] { output = run_command(in_memory, {"worker", "-c", "1"}); }};
    EXPECT_EQ(sum.delay({.x = 3, .y = 4}).get<int>(20s), 7);
    ::kill(::getpid(), SIGTERM);
    worker.join();
    EXPECT_EQ(output.exit_code, 0);
}

}  // namespace
}  // namespace samovar
