// Programs that make an App, ask for one thing and end.
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <boost/describe/class.hpp>
#include <samovar/app.hpp>
#include <samovar/error.hpp>
#include <samovar/testing/eager.hpp>

#include "message/result.hpp"
#include "redis/connection.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"

namespace samovar {
namespace {

using namespace std::chrono_literals;

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

/// CLIENT_ENDS=20000 looks for what happens once in thousands.
int ends() {
    const char* asked = std::getenv("CLIENT_ENDS");
    return asked ? std::stoi(asked) : 200;
}

class ClientEnd : public ::testing::Test {
protected:
    void SetUp() override {
        const auto document =
            message::encode_result({.task_id = "done", .status = "SUCCESS", .result = Value{42}, .traceback = {}});
        loop.run(admin.command({"SET", "celery-task-meta-done", document}));
    }

    AppOptions options() const { return {.broker_url = server.url(), .call_timeout = 30s}; }

    /// Does it `ends()` times, on two threads at a time.
    template <class Action>
    void repeat(Action action) {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 2; ++thread) {
            threads.emplace_back([&] {
                for (int i = 0; i < ends() / 2; ++i) action();
            });
        }
    }

    testing::RedisServer server;
    testing::Loop loop;
    redis::Connection admin{loop.executor(), {.endpoint = redis::parse_url(server.url())}};
};

TEST_F(ClientEnd, right_after_a_result) {
    repeat([&] {
        App app{"shop", options()};
        EXPECT_EQ(app.result("done").get(30s), Value{42});
    });
}

TEST_F(ClientEnd, right_after_a_wait_in_vain) {
    repeat([&] {
        App app{"shop", options()};
        // A busy machine may not even have looked within the time that a look has.
        EXPECT_THROW(app.result("unknown").get(0ms), Error);
    });
}

TEST_F(ClientEnd, right_after_a_call_was_sent) {
    repeat([&] {
        App app{"shop", options()};
        app.send("any.task");
    });
}

TEST_F(ClientEnd, before_its_connections_are_made) {
    repeat([&] {
        App app{"shop", options()};
        const auto never_started = app.async_send({.task = "any.task"});
    });
}

TEST_F(ClientEnd, right_after_an_eager_coroutine_that_asked_the_store) {
    repeat([&] {
        App app{"shop", options()};
        const auto task = app.task<Nothing>("asks", [&app](Nothing) -> boost::asio::awaitable<Value> {
            return app.result("done").async_get(30s);
        });
        EXPECT_EQ(testing::Eager{app}.run(task, {}).result, Value{42});
    });
}

TEST_F(ClientEnd, of_tasks_that_are_kept_in_memory) {
    repeat([] {
        App app{"shop", {.broker_url = "memory://"}};
        EXPECT_THROW(app.send("any.task").get(0ms), TimeoutError);
    });
}

}  // namespace
}  // namespace samovar
