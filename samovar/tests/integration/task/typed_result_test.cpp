// Results as the type that the caller names, from threads and from coroutines.
#include <thread>

#include <gtest/gtest.h>
#include <samovar/app.hpp>
#include <samovar/error.hpp>

#include "message/result.hpp"
#include "support/loop.hpp"
#include "task/app_impl.hpp"

namespace samovar {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr auto patience = 20s;

class TypedResult : public ::testing::Test {
protected:
    void store(const std::string& id, Value value) {
        message::TaskResult result{.task_id = id};
        result.status = message::status::success;
        result.result = std::move(value);
        loop.run(broker->store_results({{id, message::encode_result(result)}}));
    }

    App app{"shop", {.broker_url = "memory://"}};
    testing::Loop loop;
    std::unique_ptr<broker::Broker> broker = app.impl().make_broker(loop.executor(), "test");
};

TEST_F(TypedResult, is_awaited_by_a_coroutine_that_may_outlive_the_handle) {
    store("number", 42);
    EXPECT_EQ(loop.run(app.result("number").async_get<int>(patience)), 42);
    auto late = AsyncResult{app.result("number")}.async_get<std::optional<int>>(patience);
    EXPECT_EQ(loop.run(std::move(late)), std::optional{42});
}

TEST_F(TypedResult, of_another_type_is_an_error_that_names_it) {
    store("text", "tea");
    EXPECT_THROW(loop.run(app.result("text").async_get<int>(patience)), ResultTypeError);
    EXPECT_THROW(app.result("text").get<int>(patience), ResultTypeError);
    EXPECT_THROW(loop.run(app.result("none").async_get<int>(1ms)), TimeoutError);
}

TEST_F(TypedResult, is_read_by_threads_and_coroutines_at_once) {
    std::vector<std::jthread> threads;
    std::atomic<int> sum{0};
    for (int thread = 0; thread < 8; ++thread)
        threads.emplace_back([&] { sum += app.result("shared").get<int>(patience); });
    const auto three = [](App* of) -> asio::awaitable<int> {
        int all = 0;
        for (int i = 0; i < 3; ++i) all += co_await of->result("shared").async_get<int>(patience);
        co_return all;
    };
    store("shared", 5);
    EXPECT_EQ(loop.run(three(&app)), 15);
    threads.clear();
    EXPECT_EQ(sum, 40);
}

}  // namespace
}  // namespace samovar
