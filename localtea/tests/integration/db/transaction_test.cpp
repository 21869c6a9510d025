// Transactions in each other's way: retries, turns and bounds.
#include <atomic>
#include <thread>

#include <gmock/gmock.h>

#include "support/concurrently.hpp"
#include "support/database_test.hpp"
#include "support/gate.hpp"

namespace localtea::testing {
namespace {

using namespace std::chrono_literals;
using db::Errc;
using db::Isolation;
using db::Session;

class TransactionTest : public DatabaseTest {
protected:
    TransactionTest() {
        execute("CREATE TABLE shelves (id INTEGER PRIMARY KEY, tins INTEGER NOT NULL)");
        execute("INSERT INTO shelves (id, tins) VALUES (1, 10), (2, 10)");
    }

    std::int64_t tins(int id) {
        return read([id](Session session) -> asio::awaitable<std::int64_t> {
            const auto rows = co_await session.query("SELECT tins FROM shelves WHERE id = $1", id);
            co_return rows[0].get<std::int64_t>("tins");
        });
    }

    void run_together(std::vector<asio::awaitable<void>> coroutines) {
        run(concurrently(context_, std::move(coroutines)));
    }
};

TEST_P(TransactionTest, read_modify_write_by_many_loses_no_update) {
    const auto sell = [this]() -> asio::awaitable<void> {
        const auto body = [](Session session) -> asio::awaitable<void> {
            const auto rows = co_await session.query("SELECT tins FROM shelves WHERE id = 1");
            co_await session.exec("UPDATE shelves SET tins = $1 WHERE id = 1",
                                  rows[0].get<std::int64_t>("tins") - 1);
        };
        co_await database_->transaction(body, {.isolation = Isolation::serializable});
    };
    std::vector<asio::awaitable<void>> sales;
    for (int i = 0; i < 4; ++i) sales.push_back(sell());
    run_together(std::move(sales));
    EXPECT_EQ(tins(1), 6);
}

TEST_P(TransactionTest, a_lasting_conflict_is_given_up_after_six_attempts) {
    int attempts = 0;
    EXPECT_EQ(error_of([&] {
                  transaction([&](Session session) -> asio::awaitable<void> {
                      ++attempts;
                      co_await session.exec("UPDATE shelves SET tins = 0 WHERE id = 1");
                      throw db::Error{Errc::conflict, "again"};
                  });
              }),
              Errc::conflict);
    EXPECT_EQ(attempts, 6);
    EXPECT_EQ(tins(1), 10);
}

TEST_P(TransactionTest, a_repeated_body_returns_the_value_of_the_attempt_that_was_committed) {
    int attempts = 0;
    const int value = transaction([&](Session session) -> asio::awaitable<int> {
        co_await session.exec("UPDATE shelves SET tins = tins - 1 WHERE id = 1");
        if (++attempts < 3) throw db::Error{Errc::conflict, "again"};
        co_return attempts;
    });
    EXPECT_EQ(value, 3);
    EXPECT_EQ(tins(1), 9);
}

TEST_P(TransactionTest, who_asked_is_told_once_what_is_committed_and_never_what_is_not) {
    int attempts = 0;
    int told = 0;
    const auto sell = [&](Session session) -> asio::awaitable<void> {
        session.after_commit([&] { ++told; });
        co_await session.exec("UPDATE shelves SET tins = tins - 1 WHERE id = 1");
        if (++attempts == 1) throw db::Error{Errc::conflict, "again"};
        if (attempts == 3) throw std::runtime_error{"no"};
        EXPECT_EQ(told, 0) << "not before the commit";
    };
    transaction(sell);
    EXPECT_EQ(attempts, 2);
    EXPECT_EQ(told, 1);
    EXPECT_THROW(transaction(sell), std::runtime_error);
    EXPECT_EQ(told, 1);
    EXPECT_EQ(tins(1), 9);
}

TEST_P(TransactionTest, who_waits_for_a_turn_longer_than_the_bound_is_told_so) {
    const auto narrow = open({.connections = 1, .wait_limit = 20ms});
    const auto hold_and_ask = [&]() -> asio::awaitable<Errc> {
        // The asker is inside the holder: the holder cannot end first.
        const auto ask = [&]() -> asio::awaitable<Errc> {
            try {
                co_await narrow->transaction([](Session) -> asio::awaitable<void> { co_return; });
            } catch (const db::Error& error) {
                co_return error.kind();
            }
            co_return Errc::other;
        };
        co_return co_await narrow->transaction([&](Session session) -> asio::awaitable<Errc> {
            co_await session.exec("UPDATE shelves SET tins = 1 WHERE id = 1");
            co_return co_await ask();
        });
    };
    EXPECT_EQ(run(hold_and_ask()), Errc::busy);
    EXPECT_EQ(tins(1), 1);
}

TEST_P(TransactionTest, who_waited_gets_the_turn_when_it_is_free_and_in_the_order_of_asking) {
    const auto narrow = open({.connections = 1});
    std::vector<int> order;
    const auto record = [&](int number) -> asio::awaitable<void> {
        co_await narrow->transaction([&order, number](Session session) -> asio::awaitable<void> {
            co_await session.exec("UPDATE shelves SET tins = tins - 1 WHERE id = 1");
            order.push_back(number);
        });
    };
    std::vector<asio::awaitable<void>> waiting;
    for (int number = 0; number < 5; ++number) waiting.push_back(record(number));
    run_together(std::move(waiting));
    EXPECT_THAT(order, ::testing::ElementsAre(0, 1, 2, 3, 4));
}

TEST_P(TransactionTest, a_connection_counts_as_used_until_its_transaction_ends) {
    const auto narrow = open({.connections = 1});
    const auto used_inside = [&]() -> asio::awaitable<std::size_t> {
        co_return co_await narrow->transaction([&](Session session) -> asio::awaitable<std::size_t> {
            co_await session.exec("UPDATE shelves SET tins = 0 WHERE id = 1");
            co_return narrow->usage().used;
        });
    };
    EXPECT_EQ(run(used_inside()), 1u);
    EXPECT_EQ(narrow->usage().used, 0u);
}

TEST_P(TransactionTest, readers_go_on_while_somebody_writes) {
    const auto read_inside_a_write = [this]() -> asio::awaitable<std::int64_t> {
        co_return co_await database_->transaction([this](Session session) -> asio::awaitable<std::int64_t> {
            co_await session.exec("UPDATE shelves SET tins = 0 WHERE id = 1");
            co_return co_await database_->read([](Session reader) -> asio::awaitable<std::int64_t> {
                const auto rows = co_await reader.query("SELECT tins FROM shelves WHERE id = 1");
                co_return rows[0].get<std::int64_t>("tins");
            });
        });
    };
    EXPECT_EQ(run(read_inside_a_write()), 10) << "saw what was not committed";
}

TEST_P(TransactionTest, a_caller_that_is_cancelled_while_it_waits_leaves_the_line) {
    const auto narrow = open({.connections = 1});
    const auto scenario = [&]() -> asio::awaitable<void> {
        co_await narrow->transaction([&](Session session) -> asio::awaitable<void> {
            co_await session.exec("UPDATE shelves SET tins = 3 WHERE id = 1");
            co_await cancel_soon(narrow->transaction([](Session) -> asio::awaitable<void> { co_return; }));
        });
        // Would wait forever if the cancelled one had kept the turn.
        co_await narrow->transaction([](Session other) -> asio::awaitable<void> {
            co_await other.exec("UPDATE shelves SET tins = tins + 1 WHERE id = 1");
        });
    };
    run(scenario());
    EXPECT_EQ(tins(1), 4);
}

TEST_P(TransactionTest, a_frame_destroyed_half_way_leaves_nothing_behind) {
    {
        asio::io_context doomed;
        const auto database = db::open_database(doomed.get_executor(), url_);
        Gate gate{doomed};
        asio::co_spawn(doomed, database->transaction([&](Session session) -> asio::awaitable<void> {
            co_await session.exec("UPDATE shelves SET tins = 0 WHERE id = 1");
            co_await gate.wait();
        }),
                       [](std::exception_ptr) {});
        while (!gate.has_waiter()) doomed.run_one();
    }
    EXPECT_EQ(tins(1), 10);
    execute("UPDATE shelves SET tins = 11 WHERE id = 1");
    EXPECT_EQ(tins(1), 11);
}

TEST_P(TransactionTest, one_database_serves_many_threads) {
    constexpr int threads = 4;
    constexpr int rounds = 25;
    asio::io_context shared{threads};
    const auto database = db::open_database(shared.get_executor(), url_, {.connections = 3});
    std::atomic<int> failures{0};
    const auto sell_many = [&]() -> asio::awaitable<void> {
        for (int round = 0; round < rounds; ++round)
            co_await database->transaction([](Session session) -> asio::awaitable<void> {
                co_await session.exec("UPDATE shelves SET tins = tins - 1 WHERE id = 1");
            });
    };
    for (int i = 0; i < threads; ++i)
        asio::co_spawn(shared, sell_many(), [&](std::exception_ptr failure) {
            if (failure) ++failures;
        });
    std::vector<std::thread> runners;
    for (int i = 0; i < threads; ++i) runners.emplace_back([&] { shared.run(); });
    for (std::thread& runner : runners) runner.join();
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(tins(1), 10 - threads * rounds);
}

INSTANTIATE_TEST_SUITE_P(Databases, TransactionTest, both_kinds(), kind_name);

}  // namespace
}  // namespace localtea::testing
