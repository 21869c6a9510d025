#include <samovar/app.hpp>

#include <gmock/gmock.h>
#include <boost/describe/class.hpp>
#include <samovar/error.hpp>

#include "task/app_impl.hpp"

namespace samovar {
namespace {

struct Mail {
    std::string to;
    std::optional<std::string> layout;
};
BOOST_DESCRIBE_STRUCT(Mail, (), (to, layout))

std::string refusal(AppOptions options) {
    try {
        const App app{"shop", std::move(options)};
    } catch (const ConfigurationError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(App, routes_by_the_tasks_options_then_the_table_then_the_default) {
    App app{"shop", {.routes = {{"b", "routed"}, {"c", "routed"}}}};
    app.task<Mail>("a", [](const Mail&) {});
    app.task<Mail>("b", [](const Mail&) {});
    app.task<Mail>("c", [](const Mail&) {}, {.queue = "own"});
    EXPECT_EQ(app.impl().queue_of("a"), "celery");
    EXPECT_EQ(app.impl().queue_of("b"), "routed");
    EXPECT_EQ(app.impl().queue_of("c"), "own");
    EXPECT_EQ(app.impl().queue_of("registered elsewhere"), "celery");
}

TEST(App, lists_every_queue_it_routes_to_once) {
    App app{"shop", {.routes = {{"backend.worker.test_celery", "main-queue"}, {"registered elsewhere", "other"}}}};
    app.task<Mail>("c", [](const Mail&) {}, {.queue = "other"});
    EXPECT_EQ(app.queues(), (std::vector<std::string>{"celery", "main-queue", "other"}));
}

TEST(App, sends_arguments_by_name) {
    App app{"shop"};
    const auto mail = app.remote<Mail>("shop.send_email");
    const auto call = mail.signature({.to = "a@b.c"});
    EXPECT_EQ(call.task, "shop.send_email");
    EXPECT_TRUE(call.args.empty());
    EXPECT_EQ(call.kwargs, (Object{{"to", "a@b.c"}, {"layout", nullptr}}));
}

TEST(App, names_the_option_that_cannot_be_used) {
    EXPECT_THAT(refusal({.broker_url = "http://x"}), testing::HasSubstr("broker_url"));
    EXPECT_THAT(refusal({.result_url = "redis://h:port/0"}), testing::HasSubstr("result_url"));
    EXPECT_THAT(refusal({.default_queue = ""}), testing::HasSubstr("default_queue"));
    EXPECT_THAT(refusal({.routes = {{"t", ""}}}), testing::HasSubstr("task t"));
    EXPECT_THAT(refusal({.max_message_size = 0}), testing::HasSubstr("max_message_size"));
}

TEST(App, keeps_tasks_and_results_in_memory_when_the_url_says_so) {
    App app{"shop", {.broker_url = "memory://"}};
    const auto sent = app.send("any.task", {1});
    EXPECT_EQ(sent.state(), "PENDING");
    EXPECT_THROW(sent.get(std::chrono::milliseconds{1}), TimeoutError);
    EXPECT_FALSE(sent.forget());
    EXPECT_THAT(refusal({.broker_url = "memory://", .result_url = "redis://h/0"}),
                testing::HasSubstr("result_url"));
    EXPECT_THAT(refusal({.broker_url = "redis://h/0", .result_url = "memory://"}),
                testing::HasSubstr("result_url"));
}

TEST(App, keeps_the_password_out_of_what_it_says_about_a_url) {
    EXPECT_THAT(refusal({.broker_url = "redis://u:hunter2@h:port/0"}),
                testing::Not(testing::HasSubstr("hunter2")));
}

TEST(App, names_results_as_celery_does) {
    EXPECT_EQ(App{"shop"}.impl().result_key("x"), "celery-task-meta-x");
    App prefixed{"shop", {.result_prefix = "res1"}};
    EXPECT_EQ(prefixed.impl().result_key("x"), "res1_celery-task-meta-x");
    App colon{"shop", {.result_prefix = "res1:"}};
    EXPECT_EQ(colon.impl().result_key("x"), "res1:celery-task-meta-x");
}

}  // namespace
}  // namespace samovar
