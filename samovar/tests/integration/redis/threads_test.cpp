// One connection, many threads.
#include <atomic>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include "integration/redis/redis_test.hpp"

namespace samovar::redis {
namespace {

constexpr int threads = 8;
constexpr int calls = 1000;
constexpr int coroutines = 10;

/// Runs the connection's loop in a thread until the test is over.
class ThreadsTest : public RedisTest {
protected:
    void SetUp() override {
        connection = connect(server.url());
        runner = std::thread{[this] { loop.until([this] { return over.load(); }, 120s); }};
    }
    void TearDown() override {
        over = true;
        runner.join();
    }

    /// Lives until the connection's thread has ended: Asio may still be waking a loop whose handler is already
    /// done.
    Loop& fresh_loop() {
        const std::lock_guard lock{mutex};
        return loops.emplace_back();
    }

    RedisServer server;
    std::mutex mutex;
    std::deque<Loop> loops;
    std::unique_ptr<Connection> connection;
    std::atomic<bool> over{false};
    std::thread runner;
};

asio::awaitable<void> increments(Connection* connection, std::thread::id home) {
    for (int i = 0; i < calls / coroutines; ++i) {
        co_await connection->command({"INCR", "counter"}, {.deadline = 60s});
        EXPECT_EQ(std::this_thread::get_id(), home) << "a coroutine goes on where it came from";
    }
}

TEST_F(ThreadsTest, callers_with_loops_of_their_own_share_it_and_stay_on_their_threads) {
    std::vector<std::thread> callers;
    for (int t = 0; t < threads; ++t) {
        callers.emplace_back([this] {
            Loop& mine = fresh_loop();
            int running = coroutines;
            for (int c = 0; c < coroutines; ++c) {
                asio::co_spawn(mine.executor(), increments(connection.get(), std::this_thread::get_id()),
                               [&](std::exception_ptr error) {
                                   EXPECT_FALSE(error);
                                   --running;
                               });
            }
            mine.until([&] { return running == 0; }, 60s);
        });
    }
    for (auto& caller : callers) caller.join();
    Loop& mine = fresh_loop();
    EXPECT_EQ(mine.run(connection->command({"GET", "counter"}, patient)), Reply{std::to_string(threads * calls)});
}

TEST_F(ThreadsTest, stopping_amid_calls_of_every_thread_ends_each_of_them) {
    std::atomic<int> answered{0}, stopped{0};
    std::vector<std::thread> callers;
    for (int t = 0; t < threads; ++t) {
        callers.emplace_back([&] {
            Loop& mine = fresh_loop();
            try {
                while (true) {
                    mine.run(connection->command({"INCR", "counter"}, {.deadline = 60s}));
                    ++answered;
                }
            } catch (const Error& error) {
                EXPECT_EQ(error.kind(), Errc::stopped);
                ++stopped;
            }
        });
    }
    while (answered < 500) std::this_thread::yield();
    connection->stop();
    for (auto& caller : callers) caller.join();
    EXPECT_EQ(stopped, threads);
}

TEST_F(ThreadsTest, a_deadline_and_its_reply_may_race) {
    std::atomic<int> answered{0}, late{0};
    std::vector<std::thread> callers;
    for (int t = 0; t < threads; ++t) {
        callers.emplace_back([&, t] {
            Loop& mine = fresh_loop();
            for (int i = 0; i < 300; ++i) {
                const auto text = fmt::format("{}-{}", t, i);
                try {
                    EXPECT_EQ(mine.run(connection->command({"ECHO", text}, {.deadline = i % 2 * 1ms})),
                              Reply{text});
                    ++answered;
                } catch (const Error& error) {
                    EXPECT_TRUE(error.kind() == Errc::timeout || error.kind() == Errc::not_connected)
                        << error.what();
                    ++late;
                }
            }
        });
    }
    for (auto& caller : callers) caller.join();
    EXPECT_EQ(answered + late, threads * 300);
    EXPECT_GT(late, 0);
}

TEST(ThreadPool, a_connection_may_live_on_a_pool_of_threads) {
    RedisServer server;
    asio::thread_pool pool{4};
    ConnectionOptions options;
    options.endpoint = parse_url(server.url());
    options.health_interval = 30s;
    Connection connection{pool.get_executor(), options};
    std::atomic<int> messages{0};
    connection.on_push([&](const Reply&) { ++messages; });
    asio::co_spawn(pool, connection.subscribe({"channel"}, patient), asio::use_future).get();
    std::vector<std::future<void>> callers;
    for (int c = 0; c < 20; ++c) {
        callers.push_back(asio::co_spawn(
            pool,
            [](Connection* shared) -> asio::awaitable<void> {
                for (int i = 0; i < 100; ++i) {
                    const auto receivers =
                        co_await shared->command({"PUBLISH", "channel", "x"}, {.deadline = 60s});
                    EXPECT_EQ(receivers, Reply{1});
                }
            }(&connection),
            asio::use_future));
    }
    for (auto& caller : callers) caller.get();
    EXPECT_EQ(messages, 20 * 100) << "each message was pushed before the reply to its PUBLISH";
    connection.stop();
    pool.join();
}

TEST_F(ThreadsTest, cancelling_races_with_replies_on_another_thread) {
    Loop& mine = fresh_loop();
    int ended = 0;
    std::vector<std::unique_ptr<asio::cancellation_signal>> signals;
    for (int i = 0; i < 2000; ++i) {
        auto& signal = signals.emplace_back(std::make_unique<asio::cancellation_signal>());
        asio::co_spawn(mine.executor(), connection->command({"PING"}, {.deadline = 60s}),
                       asio::bind_cancellation_slot(signal->slot(), [&](std::exception_ptr, Reply) { ++ended; }));
    }
    for (auto& signal : signals) {
        asio::post(mine.executor(), [&signal] { signal->emit(asio::cancellation_type::terminal); });
    }
    mine.until([&] { return ended == 2000; }, 60s);
    EXPECT_EQ(mine.run(connection->command({"ECHO", "after"}, {.deadline = 60s})), Reply{"after"});
}

}  // namespace
}  // namespace samovar::redis
