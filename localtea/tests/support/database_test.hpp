// A fresh database for each test, on each of the two kinds.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <samovar/testing/manual_clock.hpp>

#include "db/database.hpp"
#include "db/migrator.hpp"
#include "support/postgres_server.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"

namespace localtea::testing {

namespace asio = boost::asio;

/// Base of the suites that hold for both databases; instantiate with both_kinds() and kind_name().
class DatabaseTest : public ::testing::TestWithParam<config::DatabaseKind> {
protected:
    DatabaseTest() : url_(new_database()), database_(open()) {}

    bool on_sqlite() const { return GetParam() == config::DatabaseKind::sqlite; }

    /// Another handle to the same database, as another process has.
    std::unique_ptr<db::Database> open(db::DatabaseOptions options = {}) {
        return db::open_database(context_.get_executor(), url_, options);
    }

    template <class T>
    T run(asio::awaitable<T> coroutine) {
        return testing::run(context_, std::move(coroutine));
    }

    template <class Body>
    auto transaction(Body body) {
        return run(database_->transaction(std::move(body)));
    }

    template <class Body>
    auto read(Body body) {
        return run(database_->read(std::move(body)));
    }

    void execute(std::string sql) {
        transaction(
            [sql = std::move(sql)](db::Session session) -> asio::awaitable<void> { co_await session.exec(sql); });
    }

    void migrate() { run(db::migrate(*database_, clock_)); }

    asio::io_context context_;
    samovar::testing::ManualClock clock_;
    samovar::testing::TemporaryFolder folder_;
    config::DatabaseUrl url_;
    std::unique_ptr<db::Database> database_;

private:
    config::DatabaseUrl new_database() {
        if (!on_sqlite()) return PostgresServer::shared().create_schema();
        return {config::DatabaseKind::sqlite, folder_.path() / "shop.db", {}};
    }
};

inline auto both_kinds() {
    return ::testing::Values(config::DatabaseKind::sqlite, config::DatabaseKind::postgresql);
}

inline std::string kind_name(const ::testing::TestParamInfo<config::DatabaseKind>& info) {
    return info.param == config::DatabaseKind::sqlite ? "sqlite" : "postgresql";
}

/// The kind of the Error that `call` throws.
template <class Call>
db::Errc error_of(Call call) {
    try {
        call();
    } catch (const db::Error& error) {
        return error.kind();
    }
    throw std::logic_error("no error was thrown");
}

}  // namespace localtea::testing
