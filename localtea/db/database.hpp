// A database: transactions with retries over a bounded set of connections.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "config/database_url.hpp"
#include "db/session.hpp"

namespace localtea::db {

enum class Isolation {
    /// Each statement sees what was committed before it. PostgreSQL's default.
    read_committed,
    /// As if transactions ran one after another; may end in Errc::conflict. What SQLite always does.
    serializable,
};

struct TransactionOptions {
    Isolation isolation = Isolation::read_committed;
    /// Bound on each statement; empty: DatabaseOptions::statement_limit, zero: none. Of PostgreSQL only: SQLite's
    /// statements wait for nothing but locks, and that is bounded by lock_limit.
    std::optional<std::chrono::milliseconds> statement_limit;
};

struct DatabaseOptions {
    /// PostgreSQL: connections at most; each is made when first needed.
    std::size_t connections = 10;
    /// SQLite: threads that read. One more writes.
    std::size_t readers = 2;
    /// SQLite: statements that may wait for one of them; what comes then is Errc::busy.
    std::size_t read_queue = 1'000;
    /// Bound on waiting for a connection to PostgreSQL, or for the turn to write to SQLite.
    std::chrono::milliseconds wait_limit{5'000};
    /// PostgreSQL: bound on resolving, connecting and signing in together.
    std::chrono::milliseconds connect_limit{5'000};
    /// PostgreSQL: bound on one statement, kept by the server; an unreachable server is given two seconds more.
    std::chrono::milliseconds statement_limit{30'000};
    /// SQLite: bound on waiting for another process that writes.
    std::chrono::milliseconds lock_limit{5'000};
};

/// Of this process's connections, right now.
struct Usage {
    std::size_t used = 0;
    std::size_t waiting = 0;
};

/// Runs bodies of statements as transactions.
///
///     const User user = co_await database.transaction([=](db::Session session) -> asio::awaitable<User> { ... });
///
/// The body is kept by the transaction until it ended, so its captures are safe across suspension. It may run more
/// than once: after a serialization failure or deadlock (6 times in all, with random pauses) and after a
/// connection lost before COMMIT (twice more), so it may change nothing but the database and its own variables.
/// Any exception that leaves it rolls back and comes out of the call.
///
/// Threads: every member may be called from any thread; the body runs on the caller's executor.
/// Lifetime: outlived by the execution context given to open_database(); calls under way must have ended before it
/// is destroyed.
class Database {
public:
    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    virtual ~Database() = default;

    virtual Dialect dialect() const = 0;
    virtual Usage usage() const = 0;

    /// Commits what the body did and returns its value. Errors: Error; whatever the body throws.
    template <class Body>
    auto transaction(Body body, TransactionOptions options = {}) -> std::invoke_result_t<Body&, Session> {
        return run(Access::write, options, std::move(body));
    }

    /// Statements that only read, without a transaction around them: each sees the moment it runs at, and a
    /// statement that writes is refused. The cheapest way to ask.
    template <class Body>
    auto read(Body body) -> std::invoke_result_t<Body&, Session> {
        return run(Access::read, {}, std::move(body));
    }

protected:
    enum class Access { read, write };

private:
    using ErasedBody = std::function<asio::awaitable<void>(Session)>;

    virtual asio::awaitable<std::unique_ptr<OpenTransaction>> begin(Access access, TransactionOptions options) = 0;
    asio::awaitable<void> run_erased(Access access, TransactionOptions options, ErasedBody body);

    template <class Body, class Result = typename std::invoke_result_t<Body&, Session>::value_type>
    asio::awaitable<Result> run(Access access, TransactionOptions options, Body body) {
        if constexpr (std::is_void_v<Result>) {
            co_await run_erased(access, options, std::ref(body));
        } else {
            // Optional even where Result has a default: a second attempt must not see the first one's value.
            std::optional<Result> result;
            co_await run_erased(access, options,
                                [&](Session session) { return keep_result(&result, &body, std::move(session)); });
            co_return *std::move(result);
        }
    }

    template <class Body, class Result>
    static asio::awaitable<void> keep_result(std::optional<Result>* result, Body* body, Session session) {
        result->reset();
        result->emplace(co_await (*body)(std::move(session)));
    }
};

/// Opens the database that the URL names. SQLite's file is made when it is absent (readable by its owner only),
/// its folder is not; PostgreSQL is not asked anything yet. Errors: Error{connection} for a file that cannot be
/// opened.
std::unique_ptr<Database> open_database(asio::any_io_executor executor, const config::DatabaseUrl& url,
                                        DatabaseOptions options = {});

}  // namespace localtea::db
