// A message that other tasks hang on, given to a worker on each store.
#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <boost/describe.hpp>
#include <samovar/samovar.hpp>

#include "base/ids.hpp"
#include "message/envelope.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"
#include "task/app_impl.hpp"
#include "worker/worker.hpp"

namespace samovar::worker {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using ::testing::StartsWith;

struct Word {
    std::string word;
};
BOOST_DESCRIBE_STRUCT(Word, (), (word))

constexpr auto patience = 20s;

class WorkflowTest : public ::testing::TestWithParam<bool> {
protected:
    AppOptions app_options() {
        AppOptions options;
        options.broker_url = GetParam() ? "memory://" : redis.unix_url(0);
        return options;
    }

    void push(const std::string& task, const std::string& id, message::Embed embed) {
        message::TaskMessage message;
        message.task = task;
        message.id = id;
        message.delivery_tag = uuid4();
        message.delivery_info.routing_key = "celery";
        message.body = message::encode_body({.args = {"tea"}, .kwargs = {}, .embed = std::move(embed)});
        std::vector<broker::Outgoing> one;
        one.push_back({.route = {"celery", 0}, .envelope = message::encode(message), .id = id});
        loop.run(broker->publish_many(std::move(one)));
    }

    samovar::testing::RedisServer redis;
    App app{"test", app_options()};
    samovar::testing::Loop loop;
    std::unique_ptr<broker::Broker> broker = app.impl().make_broker(loop.executor(), "test");
};
INSTANTIATE_TEST_SUITE_P(On, WorkflowTest, ::testing::Bool(),
                         [](const auto& param) { return param.param ? "memory" : "redis"; });

TEST_P(WorkflowTest, is_refused_by_name_and_nobody_waits) {
    std::atomic<int> runs{0};
    const auto handler = [&](const Word& w) {
        ++runs;
        return w.word;
    };
    app.task<Word>("late", handler, {.acks_late = true});
    app.task<Word>("early", handler);
    app.task<Word>("coroutine", [&](Word w) -> asio::awaitable<std::string> {
        ++runs;
        co_return w.word;
    });
    Worker worker{app.impl(), {.concurrency = 2}};
    const std::jthread thread{[&] { worker.run(false); }};
    for (const std::string task : {"late", "early", "coroutine"}) {
        const auto id = task + "-id";
        const auto last = task + "-last";
        push(task, id, {.chain = Array{Object{{"task", "next"}, {"options", Object{{"task_id", last}}}}}});
        for (const auto& waited_for : {id, last}) {
            const auto failure = app.result(waited_for).wait(patience).failure();
            ASSERT_TRUE(failure) << waited_for;
            EXPECT_EQ(failure->exc_type, "NotImplementedError");
        }
        push(task, task + "-alone", {.callbacks = Array{}, .chain = Array{}});
        EXPECT_EQ(app.result(task + "-alone").get(patience), Value{"tea"});
    }
    EXPECT_EQ(runs, 3) << "those on which nothing hangs";
    worker.stop();
}

TEST_P(WorkflowTest, is_a_dead_letter_with_its_reason) {
    app.task<Word>("early", [](const Word& w) { return w.word; });
    Worker worker{app.impl(), {.concurrency = 1}};
    const std::jthread thread{[&] { worker.run(false); }};
    push("early", "linked", {.errbacks = Array{Object{{"task", "on_error"}}}});
    EXPECT_EQ(app.result("linked").wait(patience).state, "FAILURE");
    const auto letters = loop.run(broker->dead_letters(0, 10));
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].id, "linked");
    EXPECT_THAT(letters[0].reason, StartsWith("NotImplementedError: errbacks: "));
    worker.stop();
}

}  // namespace
}  // namespace samovar::worker
