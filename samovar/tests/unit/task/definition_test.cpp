#include "task/definition.hpp"

#include <limits>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe/class.hpp>

#include "task/verdict.hpp"

namespace samovar::task {
namespace {

struct Sum {
    int x = 0;
    int y = 0;
};
BOOST_DESCRIBE_STRUCT(Sum, (), (x, y))

Context context(std::string id = "some-id") { return {Context::Request{.id = std::move(id), .task = "sum"}, {}}; }

message::Body body(Array args) { return {.args = std::move(args), .kwargs = {}, .embed = {}}; }

template <class Handler>
Definition define(Handler handler) {
    return make_definition("sum", {}, detail::make_call<Sum>("sum", std::move(handler)));
}

Outcome run_blocking(const Definition& definition, const message::Body& input) {
    auto here = context();
    return std::get<BlockingHandler>(definition.handler)(here, input);
}

Outcome run_coroutine(const Definition& definition, message::Body input) {
    boost::asio::io_context loop;
    Outcome outcome;
    auto run =
        std::get<CoroutineHandler>(definition.handler)(std::make_shared<Context>(context()), std::move(input));
    boost::asio::co_spawn(loop, std::move(run), [&](const std::exception_ptr& error, Outcome result) {
        ASSERT_FALSE(error);
        outcome = std::move(result);
    });
    loop.run();
    return outcome;
}

Value result_of(const Outcome& outcome) { return std::get<Succeeded>(outcome).result; }

TEST(Definition, runs_a_function_of_context_and_arguments) {
    const auto definition =
        define([](Context& here, const Sum& sum) { return here.id() + std::to_string(sum.x); });
    EXPECT_EQ(result_of(run_blocking(definition, body({1, 2}))), Value{"some-id1"});
}

TEST(Definition, runs_a_function_of_arguments_alone) {
    const auto definition = define([](const Sum& sum) { return sum.x + sum.y; });
    EXPECT_EQ(result_of(run_blocking(definition, body({1, 2}))), Value{3});
}

TEST(Definition, makes_null_of_a_function_that_returns_nothing) {
    EXPECT_EQ(result_of(run_blocking(define([](const Sum&) {}), body({1, 2}))), Value{});
}

TEST(Definition, makes_an_object_of_a_described_result) {
    const auto definition = define([](const Sum& sum) { return sum; });
    EXPECT_EQ(result_of(run_blocking(definition, body({1, 2}))), (Value{Object{{"x", 1}, {"y", 2}}}));
}

TEST(Definition, runs_a_coroutine_of_context_and_arguments) {
    const auto definition =
        define([](std::shared_ptr<Context> here, Sum sum) -> boost::asio::awaitable<std::string> {
            co_return here->id() + std::to_string(sum.y);
        });
    EXPECT_EQ(result_of(run_coroutine(definition, body({1, 2}))), Value{"some-id2"});
}

TEST(Definition, runs_a_coroutine_that_returns_nothing) {
    const auto definition = define([](Sum) -> boost::asio::awaitable<void> { co_return; });
    EXPECT_EQ(result_of(run_coroutine(definition, body({1, 2}))), Value{});
}

TEST(Definition, makes_an_outcome_of_whatever_leaves_a_handler) {
    const auto throws = define([](const Sum&) { throw std::runtime_error{"boom"}; });
    EXPECT_EQ(std::get<Failed>(run_blocking(throws, body({1, 2}))).fault.type, "runtime_error");
    EXPECT_EQ(std::get<Failed>(run_blocking(throws, body({}))).fault.type, "TypeError");
}

TEST(Definition, makes_an_outcome_of_whatever_leaves_a_coroutine) {
    const auto throws = define([](Sum) -> boost::asio::awaitable<void> {
        throw std::runtime_error{"boom"};
        co_return;
    });
    EXPECT_EQ(std::get<Failed>(run_coroutine(throws, body({1, 2}))).fault.type, "runtime_error");
    EXPECT_EQ(std::get<Failed>(run_coroutine(throws, body({}))).fault.type, "TypeError");
}

TEST(Registry, finds_a_task_by_its_name) {
    Registry registry;
    registry.add(define([](const Sum&) {}));
    ASSERT_NE(registry.find("sum"), nullptr);
    EXPECT_EQ(registry.find("sum")->name, "sum");
    EXPECT_EQ(registry.find("other"), nullptr);
}

TEST(Registry, refuses_a_name_that_is_taken_or_empty) {
    Registry registry;
    registry.add(define([](const Sum&) {}));
    EXPECT_THROW(registry.add(define([](const Sum&) {})), std::invalid_argument);
    EXPECT_THROW(registry.add({}), std::invalid_argument);
}

TEST(Registry, refuses_options_outside_their_range) {
    Registry registry;
    EXPECT_THROW(registry.add({.name = "a", .options = {.retry = {.max = -1}}, .handler = {}}),
                 std::invalid_argument);
    EXPECT_THROW(registry.add({.name = "a", .options = {.priority = 10}, .handler = {}}), std::invalid_argument);
}

TEST(Definition, a_message_that_others_hang_on_is_refused_by_name_before_its_handler) {
    bool ran = false;
    const auto blocking = define([&](const Sum&) { ran = true; });
    const auto coroutine = define([&](Sum) -> boost::asio::awaitable<void> {
        ran = true;
        co_return;
    });
    const Value next{Array{Object{{"task", "next"}, {"options", Object{{"task_id", "next-id"}}}}}};
    const std::vector<std::pair<std::string, message::Embed>> cases{{"callbacks", {.callbacks = next}},
                                                                    {"errbacks", {.errbacks = next}},
                                                                    {"chain", {.chain = next}},
                                                                    {"chord", {.chord = next}}};
    for (const auto& [name, embed] : cases) {
        auto input = body({1, 2});
        input.embed = embed;
        for (const auto& outcome : {run_blocking(blocking, input), run_coroutine(coroutine, input)}) {
            const auto& failed = std::get<Failed>(outcome);
            EXPECT_EQ(failed.fault.type, "NotImplementedError");
            EXPECT_TRUE(failed.fault.arguments.at(0).if_string()->starts_with(name + ": ")) << name;
            EXPECT_TRUE(failed.dead_letter);
            EXPECT_EQ(failed.never_sent, std::vector<std::string>{"next-id"});
        }
    }
    EXPECT_FALSE(ran);
    auto nothing = body({1, 2});
    nothing.embed = {.callbacks = Array{}, .chain = Array{}};
    EXPECT_TRUE(std::holds_alternative<Succeeded>(run_blocking(blocking, nothing)));
}

TEST(Registry, refuses_a_retry_policy_outside_its_range) {
    using namespace std::chrono_literals;
    const auto add = [](RetryPolicy policy) {
        Registry registry;
        registry.add({.name = "sum", .options = {.retry = std::move(policy)}, .handler = {}});
    };
    EXPECT_THROW(add({.max = -1}), std::invalid_argument);
    EXPECT_THROW(add({.backoff = -1s}), std::invalid_argument);
    EXPECT_THROW(add({.jitter = 1.5}), std::invalid_argument);
    EXPECT_THROW(add({.jitter = std::numeric_limits<double>::quiet_NaN()}), std::invalid_argument);
    EXPECT_NO_THROW(add({.max = 5, .backoff = 1s, .jitter = true}));
}

}  // namespace
}  // namespace samovar::task
