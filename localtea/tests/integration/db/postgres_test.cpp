// What is PostgreSQL's own: a server that can be away, slow or full, and sessions that it ends.
#include <gmock/gmock.h>

#include "support/concurrently.hpp"
#include "support/database_test.hpp"

namespace localtea::testing {
namespace {

using namespace std::chrono_literals;
using db::Errc;
using db::Isolation;
using db::Session;

class PostgresTest : public ::testing::Test {
protected:
    PostgresTest() : url_(server_.create_schema()), database_(open(url_)) {
        execute("CREATE TABLE shelves (id BIGINT PRIMARY KEY, tins BIGINT NOT NULL)");
        execute("INSERT INTO shelves (id, tins) VALUES (1, 10), (2, 10)");
    }

    std::unique_ptr<db::Database> open(const config::DatabaseUrl& url, db::DatabaseOptions options = {}) {
        return db::open_database(context_.get_executor(), url, options);
    }

    void execute(std::string sql) {
        run(context_, database_->transaction(
                          [sql](Session session) -> asio::awaitable<void> { co_await session.exec(sql); }));
    }

    std::int64_t tins(db::Database& database, int id = 1) {
        return run(context_, database.read([id](Session session) -> asio::awaitable<std::int64_t> {
            co_return (co_await session.query("SELECT tins FROM shelves WHERE id = $1", id))[0].get<std::int64_t>(
                "tins");
        }));
    }

    /// The URL with another value for one of its parameters.
    config::DatabaseUrl with(std::string_view keyword, std::string value) const {
        config::DatabaseUrl changed = url_;
        for (auto& [name, old] : changed.parameters)
            if (name == keyword) old = value;
        return changed;
    }

    static asio::awaitable<void> sell(Session session) {
        co_await session.exec("UPDATE shelves SET tins = tins - 1 WHERE id = 1");
    }

    PostgresServer& server_ = PostgresServer::shared();
    asio::io_context context_;
    config::DatabaseUrl url_;
    std::unique_ptr<db::Database> database_;
};

TEST_F(PostgresTest, a_host_name_is_resolved_and_reached_by_tcp) {
    EXPECT_EQ(tins(*open(server_.over_tcp(url_))), 10);
}

TEST_F(PostgresTest, the_first_of_two_hosts_may_be_away) {
    config::DatabaseUrl two = server_.over_tcp(url_);
    std::string port;
    for (const auto& [name, value] : two.parameters)
        if (name == "port") port = value;
    for (auto& [name, value] : two.parameters) {
        if (name == "host") value = "127.0.0.1,localhost";
        if (name == "port") value = "1," + port;
    }
    EXPECT_EQ(tins(*open(two)), 10);
}

TEST_F(PostgresTest, a_session_ended_by_the_administrator_is_replaced_without_the_caller_noticing) {
    EXPECT_EQ(tins(*database_), 10);
    ASSERT_GE(server_.terminate_sessions(), 1);
    run(context_, database_->transaction(sell));
    EXPECT_EQ(tins(*database_), 9);
}

TEST_F(PostgresTest, a_session_ended_in_the_middle_of_a_transaction_runs_it_again_whole) {
    int attempts = 0;
    run(context_, database_->transaction([&](Session session) -> asio::awaitable<void> {
        co_await session.exec("UPDATE shelves SET tins = tins - 1 WHERE id = 1");
        if (++attempts == 1) server_.terminate_sessions();
        co_await session.exec("UPDATE shelves SET tins = tins - 1 WHERE id = 2");
    }));
    EXPECT_EQ(attempts, 2);
    EXPECT_EQ(tins(*database_, 1), 9);
    EXPECT_EQ(tins(*database_, 2), 9);
}

TEST_F(PostgresTest, while_the_server_is_away_calls_fail_at_once_and_work_again_when_it_is_back) {
    EXPECT_EQ(tins(*database_), 10);
    server_.stop();
    EXPECT_EQ(error_of([&] { run(context_, database_->transaction(sell)); }), Errc::connection);
    EXPECT_EQ(error_of([&] { tins(*database_); }), Errc::connection);
    server_.start();
    run(context_, database_->transaction(sell));
    EXPECT_EQ(tins(*database_), 9);
}

TEST_F(PostgresTest, many_idle_connections_lost_at_once_do_not_exhaust_the_retries) {
    std::vector<asio::awaitable<void>> sales;
    for (int i = 0; i < 8; ++i) sales.push_back(database_->transaction(sell));
    run(context_, concurrently(context_, std::move(sales)));
    ASSERT_GT(server_.terminate_sessions(), 3) << "the pool had not enough connections for this test";
    run(context_, database_->transaction(sell));
    EXPECT_EQ(tins(*database_), 1);
}

TEST_F(PostgresTest, write_skew_between_serializable_transactions_is_retried_until_both_hold) {
    // Each may take 10 tins from its shelf while both shelves together keep 10. Both have read before either
    // writes.
    Gate both_have_read{context_};
    int readers = 0;
    int attempts = 0;
    const auto take = [&](int shelf) -> asio::awaitable<void> {
        const auto body = [&, shelf](Session session) -> asio::awaitable<void> {
            ++attempts;
            const auto rows = co_await session.query("SELECT CAST(sum(tins) AS BIGINT) AS n FROM shelves");
            if (++readers == 2) both_have_read.open();
            co_await both_have_read.wait();
            if (rows[0].get<std::int64_t>("n") >= 20)
                co_await session.exec("UPDATE shelves SET tins = tins - 10 WHERE id = $1", shelf);
        };
        co_await database_->transaction(body, {.isolation = Isolation::serializable});
    };
    std::vector<asio::awaitable<void>> both;
    both.push_back(take(1));
    both.push_back(take(2));
    run(context_, concurrently(context_, std::move(both)));
    EXPECT_EQ(attempts, 3);
    EXPECT_EQ(tins(*database_, 1) + tins(*database_, 2), 10);
}

TEST_F(PostgresTest, of_two_transactions_in_a_deadlock_one_is_run_again) {
    Gate both_hold_one{context_};
    int holders = 0;
    int attempts = 0;
    const auto swap = [&](int first, int second) -> asio::awaitable<void> {
        const auto body = [&, first, second](Session session) -> asio::awaitable<void> {
            ++attempts;
            co_await session.exec("UPDATE shelves SET tins = tins + 1 WHERE id = $1", first);
            if (++holders == 2) both_hold_one.open();
            co_await both_hold_one.wait();
            co_await session.exec("UPDATE shelves SET tins = tins - 1 WHERE id = $1", second);
        };
        co_await database_->transaction(body);
    };
    std::vector<asio::awaitable<void>> both;
    both.push_back(swap(1, 2));
    both.push_back(swap(2, 1));
    run(context_, concurrently(context_, std::move(both)));
    // One that is quick to come again may take its row before the other, which waits for it, has woken up.
    EXPECT_GE(attempts, 3);
    EXPECT_EQ(tins(*database_, 1), 10);
    EXPECT_EQ(tins(*database_, 2), 10);
}

TEST_F(PostgresTest, a_statement_over_its_limit_is_stopped_and_the_connection_serves_on) {
    const auto database = open(url_, {.connections = 1, .statement_limit = 50ms});
    const auto sleep = [](Session session) -> asio::awaitable<void> {
        co_await session.query("SELECT pg_sleep(60)");
    };
    EXPECT_EQ(error_of([&] { run(context_, database->transaction(sleep)); }), Errc::timeout);
    EXPECT_EQ(tins(*database), 10);
}

TEST_F(PostgresTest, a_transaction_may_ask_for_a_limit_of_its_own) {
    const auto sleep = [](Session session) -> asio::awaitable<void> {
        co_await session.query("SELECT pg_sleep(60)");
    };
    EXPECT_EQ(error_of([&] { run(context_, database_->transaction(sleep, {.statement_limit = 50ms})); }),
              Errc::timeout);
    const auto limit = [](Session session) -> asio::awaitable<std::string> {
        const auto rows = co_await session.query("SELECT current_setting('statement_timeout') AS t");
        co_return rows[0].get<std::string>("t");
    };
    EXPECT_EQ(run(context_, database_->transaction(limit)), "30s") << "the next transaction has the usual limit";
    EXPECT_EQ(run(context_, database_->transaction(limit, {.statement_limit = 0ms})), "0");
}

TEST_F(PostgresTest, a_cancelled_call_gives_up_its_connection_and_the_next_gets_a_whole_one) {
    const auto database = open(url_, {.connections = 1});
    const auto sleep = [](Session session) -> asio::awaitable<void> {
        co_await sell(session);
        co_await session.query("SELECT pg_sleep(60)");
    };
    run(context_, cancel_soon(database->transaction(sleep)));
    EXPECT_EQ(tins(*database), 10);
}

TEST_F(PostgresTest, a_wrong_password_is_an_error_without_the_password) {
    try {
        tins(*open(with("password", "open sesame")));
        FAIL() << "any password will do";
    } catch (const db::Error& error) {
        EXPECT_EQ(error.kind(), Errc::connection);
        EXPECT_THAT(error.what(), ::testing::HasSubstr("password authentication failed"));
        EXPECT_THAT(error.what(), ::testing::Not(::testing::HasSubstr("open sesame")));
    }
}

TEST_F(PostgresTest, a_host_that_does_not_exist_is_named) {
    try {
        tins(*open(with("host", "no-such-host.invalid")));
        FAIL() << "reached a host that does not exist";
    } catch (const db::Error& error) {
        EXPECT_EQ(error.kind(), Errc::connection);
        EXPECT_THAT(error.what(), ::testing::HasSubstr("no-such-host.invalid"));
    }
}

TEST_F(PostgresTest, a_type_that_has_no_getter_asks_to_be_cast) {
    const auto sum = [](Session session) -> asio::awaitable<void> {
        co_await session.query("SELECT sum(tins) AS total FROM shelves");
    };
    try {
        run(context_, database_->read(sum));
        FAIL() << "read a numeric";
    } catch (const db::Error& error) {
        EXPECT_EQ(error.kind(), Errc::bad_value);
        EXPECT_THAT(error.what(), ::testing::HasSubstr("total"));
    }
    EXPECT_EQ(tins(*database_), 10) << "the connection is whole";
}

TEST_F(PostgresTest, an_infinite_time_is_refused) {
    const auto ask = [](Session session) -> asio::awaitable<void> {
        co_await session.query("SELECT CAST('infinity' AS TIMESTAMPTZ) AS t");
    };
    EXPECT_EQ(error_of([&] { run(context_, database_->read(ask)); }), Errc::bad_value);
}

TEST_F(PostgresTest, a_value_refused_by_its_column_is_not_quoted_in_the_error) {
    const auto insert = [](Session session) -> asio::awaitable<void> {
        co_await session.exec("INSERT INTO shelves (id, tins) VALUES (3, $1)", "anna@example.ru");
    };
    try {
        run(context_, database_->transaction(insert));
        FAIL() << "text is a number";
    } catch (const db::Error& error) {
        EXPECT_EQ(error.code(), "22P02");
        EXPECT_THAT(error.what(), ::testing::Not(::testing::HasSubstr("anna")));
    }
}

}  // namespace
}  // namespace localtea::testing
