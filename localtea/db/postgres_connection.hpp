// One connection to PostgreSQL, asynchronous and in pipeline mode.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "db/parameter.hpp"
#include "db/postgres_database.hpp"
#include "db/rows.hpp"

namespace localtea::db {

/// Threads: any, one call at a time; the socket is used on a strand of its own.
class PostgresConnection {
public:
    /// Resolves, connects and signs in. Errors: Error{connection}, also when `limit` passes before.
    static asio::awaitable<std::unique_ptr<PostgresConnection>> connect(asio::any_io_executor executor,
                                                                        PostgresParameters parameters,
                                                                        std::chrono::milliseconds limit);
    ~PostgresConnection();
    PostgresConnection(const PostgresConnection&) = delete;
    PostgresConnection& operator=(const PostgresConnection&) = delete;

    /// Sends all statements in one write and returns a result for each; after one that fails the rest is not run.
    /// Statements are prepared the first time. `limit` zero: none.
    /// Errors: Error, of the first that failed; after connection and timeout, or when cancelled, it is broken().
    asio::awaitable<std::vector<Table>> run(std::vector<Statement> statements, std::chrono::milliseconds limit);

    /// Errors: Error{connection} when the server has hung up already; nothing is sent.
    void require_alive();

    /// Nothing more can be done with it, or what it did last is unknown.
    bool broken() const;
    /// Between transactions, ready for the next owner.
    bool reusable() const;

private:
    class Impl;
    explicit PostgresConnection(std::shared_ptr<Impl> impl);

    std::shared_ptr<Impl> impl_;
};

}  // namespace localtea::db
