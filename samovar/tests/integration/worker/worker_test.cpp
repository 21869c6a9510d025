// A worker in this process against a real Redis.
#include "worker/worker.hpp"

#include <condition_variable>
#include <latch>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/describe.hpp>
#include <samovar/samovar.hpp>

#include "support/redis_server.hpp"

namespace samovar::worker {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

struct Word {
    std::string word;
};
BOOST_DESCRIBE_STRUCT(Word, (), (word))

constexpr auto patience = 20s;

// Lets a handler wait until the test says so.
class Gate {
public:
    void wait() {
        std::unique_lock lock{mutex_};
        ++waiting_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
    }
    void wait_for_arrivals(int count) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return waiting_ >= count; });
    }
    void open() {
        const std::lock_guard lock{mutex_};
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int waiting_ = 0;
    bool open_ = false;
};

// For what only the passing of time brings about: the end of a lease. Never to wait for somebody's work.
void let_pass(std::chrono::milliseconds time) {
    std::mutex mutex;
    std::unique_lock lock{mutex};
    std::condition_variable{}.wait_for(lock, time, [] { return false; });
}

class WorkerTest : public ::testing::Test {
protected:
    explicit WorkerTest(samovar::testing::RedisServerOptions options = {}) : redis(std::move(options)) {}

    AppOptions app_options() {
        AppOptions options;
        options.broker_url = redis.unix_url(0);
        options.result_url = redis.unix_url(1);
        return options;
    }

    // Runs a worker for as long as it lives.
    class Running {
    public:
        Running(App& app, WorkerOptions options)
            : worker_(app.impl(), std::move(options)), thread_([this] { worker_.run(false); }) {}
        ~Running() { worker_.stop(); }

    private:
        Worker worker_;
        std::jthread thread_;
    };

    samovar::testing::RedisServer redis;
    App app{"test", app_options()};
};

TEST_F(WorkerTest, runs_tasks_and_stores_their_results) {
    const auto echo = app.task<Word>("echo", [](const Word& w) { return "got " + w.word; }, {.acks_late = true});
    const Running worker{app, {.concurrency = 2}};
    EXPECT_EQ(echo.delay({"tea"}).get(patience), Value{"got tea"});
}

TEST_F(WorkerTest, runs_early_acknowledged_tasks_and_coroutines) {
    const auto early = app.task<Word>("early", [](const Word& w) { return w.word; });
    const auto coroutine = app.task<Word>("coroutine", [](Word w) -> asio::awaitable<std::string> {
        asio::steady_timer timer{co_await asio::this_coro::executor, 1ms};
        co_await timer.async_wait(asio::use_awaitable);
        co_return w.word;
    });
    const Running worker{app, {.concurrency = 2}};
    EXPECT_EQ(early.delay({"a"}).get(patience), Value{"a"});
    EXPECT_EQ(coroutine.delay({"b"}).get(patience), Value{"b"});
}

TEST_F(WorkerTest, a_failure_reaches_whoever_waits) {
    const auto fails = app.task<Word>("fails", [](const Word& w) { throw std::runtime_error(w.word); });
    const Running worker{app, {.concurrency = 1}};
    try {
        fails.delay({"no water"}).get(patience);
        FAIL() << "the task did not fail";
    } catch (const TaskError& error) {
        EXPECT_NE(std::string{error.what()}.find("no water"), std::string::npos);
    }
}

TEST_F(WorkerTest, retries_until_it_succeeds) {
    std::atomic<int> attempts{0};
    const auto flaky = app.task<Word>("flaky",
                                      [&](const Word&) {
                                          if (++attempts < 3) throw std::runtime_error("not yet");
                                          return attempts.load();
                                      },
                                      {.acks_late = true, .retry = {.max = 5, .backoff = 5ms}});
    const Running worker{app, {.concurrency = 1}};
    EXPECT_EQ(flaky.delay({"x"}).get(patience), Value{3});
}

TEST_F(WorkerTest, an_eta_is_kept_by_the_store_and_honoured) {
    const auto echo = app.task<Word>("echo", [](Context& context, const Word&) {
        return static_cast<bool>(context.request().eta && *context.request().eta <= system_clock().now());
    });
    const Running worker{app, {.concurrency = 1}};
    EXPECT_EQ(echo.apply({"x"}, {.countdown = 50ms}).get(patience), Value{true});
}

TEST_F(WorkerTest, a_warm_shutdown_finishes_what_runs_and_gives_back_the_rest) {
    Gate gate;
    const auto slow = app.task<Word>("slow",
                                     [&](const Word& w) {
                                         gate.wait();
                                         return w.word;
                                     },
                                     {.acks_late = true});
    std::vector<AsyncResult> results;
    for (int i = 0; i < 5; ++i) results.push_back(slow.delay({std::to_string(i)}));
    {
        const Running worker{app, {.concurrency = 2}};
        gate.wait_for_arrivals(2);
        std::jthread opener{[&] { gate.open(); }};
    }
    const Running second{app, {.concurrency = 2}};
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(results[static_cast<std::size_t>(i)].get(patience), Value{std::to_string(i)});
}

TEST_F(WorkerTest, consumes_again_after_redis_restarted_and_after_its_data_was_flushed) {
    const auto echo = app.task<Word>("echo", [](const Word& w) { return w.word; }, {.acks_late = true});
    const Running worker{app, {.concurrency = 1, .lease = 1s}};
    EXPECT_EQ(echo.delay({"before"}).get(patience), Value{"before"});
    redis.restart();
    EXPECT_EQ(echo.delay({"after"}).get(patience), Value{"after"});
}

class DurableWorkerTest : public WorkerTest {
protected:
    DurableWorkerTest() : WorkerTest({.append_only = true}) {}
};

TEST_F(DurableWorkerTest, a_running_task_survives_a_redis_that_was_away_for_longer_than_its_lease) {
    Gate gate;
    std::atomic<int> runs{0};
    const auto slow = app.task<Word>("slow",
                                     [&](const Word& w) {
                                         ++runs;
                                         gate.wait();
                                         return w.word;
                                     },
                                     {.acks_late = true});
    const Running first{app, {.concurrency = 1, .lease = 800ms}};
    const Running second{app, {.concurrency = 1, .lease = 800ms}};
    const auto result = slow.delay({"once"});
    gate.wait_for_arrivals(1);
    redis.kill();
    // The lease's end is Redis's business: the data holds when it ends, and Redis starts with that long past.
    let_pass(1'800ms);
    redis.start();
    // Several leases' worth of renewals pass before the task ends: enough for a reaper that would.
    const auto other = app.send("slow", {}, {{"word", "marker"}}, {.countdown = 3s});
    gate.wait_for_arrivals(2);
    gate.open();
    EXPECT_EQ(result.get(patience), Value{"once"});
    EXPECT_EQ(other.get(patience), Value{"marker"});
    EXPECT_EQ(runs, 2) << "one for each task";
}

}  // namespace
}  // namespace samovar::worker
