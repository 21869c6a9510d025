// Each command's answer beside what Celery's worker answered.
#include "control/commands.hpp"

#include <gtest/gtest.h>
#include <boost/describe/class.hpp>
#include <samovar/app.hpp>
#include <samovar/json.hpp>
#include <samovar/testing/manual_clock.hpp>

#include "message/body.hpp"
#include "message/envelope.hpp"
#include "message/time_text.hpp"
#include "support/loop.hpp"
#include "support/vectors.hpp"

namespace samovar::control {
namespace {

using namespace std::chrono_literals;
using samovar::testing::load_vector;

class FakeNode final : public Node {
public:
    const NodeFacts& facts() const override { return known; }
    std::vector<TaskInfo> active() const override { return running; }
    std::vector<TaskInfo> reserved() const override { return waiting; }
    asio::awaitable<DelayedTasks> delayed() override {
        if (store_is_away) throw std::runtime_error{"the store is away"};
        co_return later;
    }
    void shut_down() override { ++shut_downs; }

    NodeFacts known;
    std::vector<TaskInfo> running;
    std::vector<TaskInfo> waiting;
    DelayedTasks later;
    bool store_is_away = false;
    int shut_downs = 0;
};

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

message::TaskMessage message_of(const std::string& id, const std::string& task, Array args, Object kwargs = {},
                                int priority = 0) {
    message::TaskMessage message;
    message.id = id;
    message.task = task;
    message.delivery_info.routing_key = "celery";
    message.priority = priority;
    message.argsrepr = "(60,)";
    message.kwargsrepr = "{}";
    message.body = message::encode_body({std::move(args), std::move(kwargs), {}});
    return message;
}

constexpr auto id_of_first = "bbbbbbbb-0000-0000-0000-000000000002";

class CommandsTest : public ::testing::Test {
protected:
    CommandsTest() {
        node.known = {.name = "w1@wirehost",
                      .pid = 32100,
                      .concurrency = 2,
                      .queues = {"celery"},
                      .options = {.concurrency = 2},
                      .started = manual.steady(),
                      .app = &app.impl()};
    }

    Answer answer(const std::string& method, Object arguments = {}) {
        return loop.run(execute({&node, &clock}, method, std::move(arguments)));
    }
    std::string text(const std::string& method, Object arguments = {}) {
        const auto found = answer(method, std::move(arguments));
        return found ? json::dump(*found) : "no answer";
    }
    // What Celery 5.6 answered, by the recording's name.
    static Value recorded(const std::string& name) {
        const auto vector = load_vector("pidbox-56/" + name);
        return *vector.content.find("replies")->if_array()->front().find("decoded")->find("w1@wirehost");
    }
    TaskInfo running_task() {
        return {.message = message_of(id_of_first, "proj.slow", {60}),
                .started = WallTime{1'795'390'129'292'572us},
                .acknowledged = true};
    }

    samovar::testing::Loop loop;
    samovar::testing::ManualClock manual;
    App app{"test", {.broker_url = "memory://", .clock = &manual}};
    FakeNode node;
    LamportClock clock;
};

TEST_F(CommandsTest, active_answers_as_celery) {
    node.running = {running_task()};
    auto expected = recorded("active").if_array()->front();
    expected.if_object()->set("time_start", 1795390129.292572);
    EXPECT_EQ(text("active", {{"safe", nullptr}}), json::dump(Array{expected}));
    EXPECT_EQ(text("dump_active"), text("active"));
}

TEST_F(CommandsTest, active_answers_safely_as_celery) {
    node.running = {running_task()};
    auto expected = recorded("active_safe").if_array()->front();
    expected.if_object()->set("time_start", 1795390129.292572);
    EXPECT_EQ(text("active", {{"safe", true}}), json::dump(Array{expected}));
}

TEST_F(CommandsTest, reserved_answers_as_celery) {
    node.waiting = {{.message = message_of("bbbbbbbb-0000-0000-0000-000000000004", "proj.slow", {60})}};
    EXPECT_EQ(text("reserved"), json::dump(Array{recorded("reserved").if_array()->front()}));
}

TEST_F(CommandsTest, scheduled_answers_as_celery) {
    for (const char* ours : {"proj.add", "proj.echo"}) app.task<Nothing>(ours, [](const Nothing&) {});
    const auto entry = [](const message::TaskMessage& message, const char* due) {
        return broker::DelayedMessage{
            "member", *message::parse_time(due), {"celery", 0}, message::encode(message)};
    };
    node.later.messages = {
        entry(message_of("bbbbbbbb-0000-0000-0000-000000000009", "proj.add", {7, 8}, {}, 3),
              "2026-11-23T00:28:49.287611+00:00"),
        entry(message_of("bbbbbbbb-0000-0000-0000-00000000000a", "proj.echo", {"привет"}, {{"k", 1}}),
              "2030-01-01T00:00:00+00:00")};
    EXPECT_EQ(text("scheduled"), json::dump(recorded("scheduled")));
    EXPECT_EQ(text("dump_schedule"), text("scheduled"));
}

TEST_F(CommandsTest, scheduled_counts_what_it_does_not_list) {
    node.later.messages = {{"member", WallTime{1s}, {"celery", 0}, "not a message"}};
    node.later.more = 7;
    const auto list = answer("scheduled");
    const auto& entries = *list->if_array();
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(*entries[0].find("request")->find("delivery_info")->find("routing_key"), Value{"celery"});
    EXPECT_EQ(*entries[1].find("request")->find("name"), Value{"... and 7 more: `delayed list` shows all"});
    EXPECT_EQ(*entries[1].find("eta"), *entries[0].find("eta"));
}

TEST_F(CommandsTest, a_store_that_is_away_is_said_in_the_answer) {
    node.store_is_away = true;
    EXPECT_EQ(text("scheduled"), R"({"error": "the store is away"})");
}

TEST_F(CommandsTest, query_task_tells_the_state_of_what_is_known) {
    node.running = {running_task()};
    node.waiting = {{.message = message_of("waits", "proj.slow", {60})}};
    const auto found = answer("query_task", {{"ids", Array{"waits", id_of_first, "nope"}}});
    ASSERT_EQ(found->if_object()->size(), 2U);
    EXPECT_EQ(found->find("waits")->if_array()->front(), Value{"reserved"});
    EXPECT_EQ(found->find(id_of_first)->if_array()->front(), Value{"active"});
    EXPECT_EQ(*found->find(id_of_first)->if_array()->back().find("id"), Value{id_of_first});
    EXPECT_EQ(text("query_task", {{"ids", "nope"}}), "{}");
}

TEST_F(CommandsTest, arguments_of_the_wrong_type_are_named) {
    EXPECT_EQ(text("query_task", {{"ids", Array{1}}}), R"({"error": "ids: must be an array of strings or null"})");
    EXPECT_EQ(text("active", {{"safe", 1}}), R"({"error": "safe: must be true, false or null"})");
    EXPECT_EQ(text("hello"), R"({"error": "from_node: must be a string"})");
}

TEST_F(CommandsTest, arguments_that_must_not_be_seen_are_not_shown) {
    app.task<Nothing>("shop.mail", [](const Nothing&) {}, {.redacted_repr = "<redacted>"});
    auto task = running_task();
    task.message = message_of("id", "shop.mail", {"customer@example.org"});
    task.definition = app.impl().registry().find("shop.mail");
    node.running = {task};
    EXPECT_EQ(text("active").find("customer"), std::string::npos);
    EXPECT_NE(text("active").find(R"("args": "<redacted>")"), std::string::npos);
    node.later.messages = {{"member", WallTime{1s}, {"celery", 0}, message::encode(task.message)}};
    EXPECT_EQ(text("scheduled").find("customer"), std::string::npos);
}

TEST_F(CommandsTest, arguments_of_anothers_task_are_shown_as_its_sender_shows_them) {
    auto message = message_of("id", "other.mail", {"customer@example.org"});
    message.argsrepr = "<hidden>";
    node.later.messages = {{"member", WallTime{1s}, {"celery", 0}, message::encode(message)}};
    EXPECT_EQ(text("scheduled").find("customer"), std::string::npos);
    EXPECT_NE(text("scheduled").find(R"("args": "<hidden>")"), std::string::npos);
}

TEST_F(CommandsTest, arguments_of_many_tasks_are_bounded_together) {
    const std::string long_text(40'000, 'x');
    Array ids;
    for (int i = 0; i < 100; ++i) {
        ids.push_back(std::to_string(i));
        node.waiting.push_back({.message = message_of(std::to_string(i), "proj.slow", {long_text})});
    }
    for (const auto& [method, arguments] :
         {std::pair{"reserved", Object{}}, std::pair{"query_task", Object{{"ids", ids}}}}) {
        const auto shown = text(method, arguments);
        EXPECT_GT(shown.size(), 2'000'000U) << method;
        EXPECT_LT(shown.size(), 5'000'000U) << method;
    }
}

TEST_F(CommandsTest, compressed_arguments_come_as_their_repr) {
    auto message = message_of("id", "proj.slow", {60});
    message.body.compression = "application/x-gzip";
    node.waiting = {{.message = message}};
    EXPECT_NE(text("reserved").find(R"~("args": "(60,)")~"), std::string::npos);
}

TEST_F(CommandsTest, arguments_too_long_to_show_come_as_their_repr) {
    auto task = running_task();
    task.message = message_of("id", "proj.slow", {std::string(100'000, 'x')});
    node.running = {task};
    EXPECT_NE(text("active").find("\"args\": \"(60,)\""), std::string::npos);
}

TEST_F(CommandsTest, the_arguments_of_many_tasks_together_are_bounded) {
    auto task = running_task();
    task.message = message_of("id", "proj.slow", {std::string(40'000, 'x')});
    node.running.assign(200, task);
    const auto found = text("active");
    EXPECT_LT(found.size(), 5'000'000U);
    EXPECT_NE(found.find("\"args\": [\"xxx"), std::string::npos);
    EXPECT_NE(found.find("\"args\": \"(60,)\""), std::string::npos);
}

TEST_F(CommandsTest, small_ones_answer_as_celery) {
    EXPECT_EQ(text("ping"), json::dump(recorded("inspect_ping")));
    EXPECT_EQ(text("revoked"), json::dump(recorded("revoked_empty")));
    EXPECT_EQ(text("nosuchcommand"), json::dump(recorded("unknown_command")));
    EXPECT_EQ(text("active_queues"), json::dump(recorded("active_queues")));
    clock.adjust(46);
    EXPECT_EQ(text("clock"), json::dump(recorded("clock")));
    clock.adjust(47);
    EXPECT_EQ(text("hello", {{"from_node", "other@host"}, {"revoked", Object{}}}),
              R"({"revoked": {}, "clock": 49})");
    EXPECT_EQ(json::dump(recorded("hello")), R"({"revoked": {}, "clock": 49})");
    EXPECT_EQ(text("hello", {{"from_node", "w1@wirehost"}}), "null");
}

TEST_F(CommandsTest, what_is_not_built_is_unknown) {
    for (const auto* name : {"enable_events", "revoke", "pool_grow", "memdump", ""})
        EXPECT_EQ(text(name), "{\"error\": \"KeyError('" + std::string{name} + "')\"}");
}

TEST_F(CommandsTest, registered_lists_tasks_with_their_attributes) {
    app.task<Nothing>("proj.add", [](const Nothing&) {}, {.retry = {.max = 3}});
    app.task<Nothing>("celery.ping", [](const Nothing&) {});
    app.task<Nothing>("proj.limited", [](const Nothing&) {}, {.acks_late = true, .limit = {.rate = "2/s"}});
    EXPECT_EQ(text("registered", {{"taskinfoitems", Array{}}}),
              R"(["proj.add", "proj.limited [rate_limit=2/s]"])");
    EXPECT_EQ(text("registered", {{"taskinfoitems", Array{"rate_limit", "max_retries", "acks_late"}}}),
              R"(["proj.add [max_retries=3 acks_late=False]", )"
              R"("proj.limited [rate_limit=2/s max_retries=0 acks_late=True]"])");
}

TEST_F(CommandsTest, stats_has_what_flower_needs) {
    app.task<Nothing>("proj.slow", [](const Nothing&) {});
    app.impl().registry().find("proj.slow")->started.add();
    manual.advance(15s);
    const auto stats = answer("stats");
    const auto theirs = recorded("stats");
    for (const auto& [name, value] : *theirs.if_object()) {
        ASSERT_NE(stats->find(name), nullptr) << name;
        EXPECT_EQ(stats->find(name)->type(), value.type()) << name;
    }
    for (const auto& [name, value] : *theirs.find("rusage")->if_object())
        EXPECT_NE(stats->find("rusage")->find(name), nullptr) << name;
    EXPECT_EQ(json::dump(*stats->find("total")), R"({"proj.slow": 1})");
    EXPECT_EQ(*stats->find("uptime"), Value{15});
    EXPECT_EQ(json::dump(*stats->find("pool")),
              R"({"implementation": "samovar:threads", "max-concurrency": 2, "processes": [32100]})");
}

TEST_F(CommandsTest, conf_shows_what_differs_from_its_default_and_no_password) {
    const App other{"test",
                    {.broker_url = "redis://bob:secret@store:7000/3?password=secret",
                     .result_url = "rediss://:secret@results:7001/1",
                     .broker_prefix = "app1:",
                     .default_queue = "lab",
                     .routes = {{"shop.sum", "main-queue"}}}};
    node.known.app = &const_cast<App&>(other).impl();
    EXPECT_EQ(
        text("conf"),
        R"({"broker_url": "redis://bob:***@store:7000/3", "result_backend": "rediss://:***@results:7001/1", )"
        R"("task_default_queue": "lab", "task_routes": {"shop.sum": {"queue": "main-queue"}}, )"
        R"("broker_transport_options": {"visibility_timeout": 3600, "global_keyprefix": "app1:"}, )"
        R"("worker_concurrency": 2})");
    EXPECT_NE(text("conf", {{"with_defaults", true}}).find(R"("result_expires": 86400)"), std::string::npos);
    EXPECT_EQ(text("stats").find("secret"), std::string::npos);
    EXPECT_EQ(text("report").find("secret"), std::string::npos);
}

TEST_F(CommandsTest, shutdown_begins_and_answers_nothing) {
    EXPECT_EQ(text("shutdown"), "no answer");
    EXPECT_EQ(node.shut_downs, 1);
}

}  // namespace
}  // namespace samovar::control
