// One open transaction, for those who write statements.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "db/parameter.hpp"
#include "db/rows.hpp"

namespace localtea::db {

namespace asio = boost::asio;

enum class Dialect { sqlite, postgresql };

/// What a database behind Session does; see Database for who implements it.
///
/// Lifetime: destroying it without commit() or rollback() undoes its changes.
class OpenTransaction {
public:
    virtual ~OpenTransaction() = default;
    virtual Dialect dialect() const = 0;
    /// Runs them in order and in one round trip, until one fails.
    virtual asio::awaitable<std::vector<Rows>> run(std::vector<Statement> statements) = 0;
    virtual asio::awaitable<void> commit() = 0;
    virtual asio::awaitable<void> rollback() = 0;
};

/// A handle to an open transaction, passed by value. The same SQL runs on SQLite and PostgreSQL: placeholders are
/// $1, $2, ..., one statement a call.
///
/// Once a statement failed, the transaction can only end: every further call fails too, on both databases.
/// Threads: one coroutine at a time. Lifetime: until the transaction ends; a call after that is a bug and throws
/// std::logic_error.
class Session {
public:
    Dialect dialect() const;

    /// Errors: Error.
    template <class... Values>
    asio::awaitable<Rows> query(std::string sql, Values&&... values) {
        return run_one(impl_, {std::move(sql), {Parameter(std::forward<Values>(values))...}});
    }

    /// Returns how many rows were inserted, updated or deleted. Errors: Error.
    template <class... Values>
    asio::awaitable<std::int64_t> exec(std::string sql, Values&&... values) {
        return count_one(impl_, {std::move(sql), {Parameter(std::forward<Values>(values))...}});
    }

    /// Several statements in one round trip (PostgreSQL's pipeline, one visit of SQLite's thread). Returns what
    /// each returned. Errors: Error, of the first that fails.
    asio::awaitable<std::vector<Rows>> query_all(std::vector<Statement> statements);

    /// The same statement for each set of parameters, in one round trip. Returns the rows affected by each.
    /// Errors: Error, of the first that fails.
    asio::awaitable<std::vector<std::int64_t>> exec_each(std::string sql, std::vector<Parameters> sets);

    /// Has `told` called once the transaction is committed, by whoever ran it and before its caller goes on; never
    /// when it is rolled back. It must not block and not throw.
    void after_commit(std::function<void()> told);

private:
    friend class Database;
    struct Impl;
    class Running;

    explicit Session(std::unique_ptr<OpenTransaction> transaction);
    static asio::awaitable<std::vector<Rows>> run(std::shared_ptr<Impl> state, std::vector<Statement> statements);
    static asio::awaitable<Rows> run_one(std::shared_ptr<Impl> state, Statement statement);
    static asio::awaitable<std::int64_t> count_one(std::shared_ptr<Impl> state, Statement statement);
    static asio::awaitable<std::vector<std::int64_t>> count_each(std::shared_ptr<Impl> state,
                                                                 std::vector<Statement> statements);
    static asio::awaitable<void> commit(std::shared_ptr<Impl> state);
    static void tell(const Impl& state);
    static asio::awaitable<void> rollback(std::shared_ptr<Impl> state);

    std::shared_ptr<Impl> impl_;
};

/// " FOR UPDATE" where rows are locked one by one: the end of a SELECT whose rows nobody else may change until the
/// transaction ends. Empty on SQLite, as below.
std::string_view row_lock(Dialect dialect);

/// " FOR UPDATE SKIP LOCKED" where rows are locked one by one; empty on SQLite, where a writing transaction is
/// alone anyway.
std::string_view skip_locked(Dialect dialect);

}  // namespace localtea::db
