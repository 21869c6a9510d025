#include "db/postgres_database.hpp"

#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "db/postgres_connection.hpp"
#include "db/slots.hpp"

namespace localtea::db {
namespace {

using Connection = std::unique_ptr<PostgresConnection>;
using std::chrono::milliseconds;

// The server gives a late statement up by itself; this is for one that does not answer at all.
constexpr milliseconds unreachable_after{2'000};

/// The connections that nobody uses, and how to make another.
struct Pool {
    Pool(asio::any_io_executor on, PostgresParameters to, const DatabaseOptions& how)
        : executor(std::move(on)),
          parameters(std::move(to)),
          options(how),
          slots(executor, how.connections, "connection to PostgreSQL") {}

    const asio::any_io_executor executor;
    const PostgresParameters parameters;
    const DatabaseOptions options;
    Slots slots;
    std::mutex mutex;
    std::vector<Connection> idle;  // guarded by mutex

    Connection pop() {
        const std::lock_guard lock{mutex};
        if (idle.empty()) return nullptr;
        Connection connection = std::move(idle.back());
        idle.pop_back();
        return connection;
    }

    void put_back(Connection connection) {
        std::vector<Connection> closing;
        const std::lock_guard lock{mutex};
        if (connection->reusable()) idle.push_back(std::move(connection));
        // What ended this one has most likely ended the others: a retry must not try each in turn.
        else if (connection->broken())
            closing.swap(idle);
    }
};

/// A connection while it is ours; it goes back before its slot does.
class Lease {
public:
    Lease(std::shared_ptr<Pool> pool, Slot slot, Connection connection)
        : slot_(std::move(slot)), pool_(std::move(pool)), connection_(std::move(connection)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
        if (connection_) pool_->put_back(std::move(connection_));
    }

    PostgresConnection& operator*() const { return *connection_; }
    PostgresConnection* operator->() const { return connection_.get(); }

private:
    Slot slot_;
    std::shared_ptr<Pool> pool_;
    Connection connection_;
};

std::vector<Statement> preceded(const std::vector<std::string>& before, std::vector<Statement> statements) {
    std::vector<Statement> all;
    all.reserve(before.size() + statements.size() + 1);
    for (const std::string& one : before) all.push_back({one, {}});
    for (Statement& statement : statements) all.push_back(std::move(statement));
    return all;
}

/// The bound on our side for a call whose statements each have this limit; zero: none.
milliseconds patience(milliseconds statement_limit, std::size_t statements) {
    if (statement_limit == milliseconds::zero()) return statement_limit;
    return statement_limit * static_cast<milliseconds::rep>(statements) + unreachable_after;
}

std::vector<Rows> rows_of(std::vector<Table> tables, std::size_t first, std::size_t count) {
    std::vector<Rows> rows;
    rows.reserve(count);
    for (std::size_t i = first; i < first + count; ++i)
        rows.emplace_back(std::make_shared<const Table>(std::move(tables.at(i))));
    return rows;
}

std::string set_timeout(std::string_view scope, milliseconds limit) {
    return fmt::format("SET {} statement_timeout = {}", scope, limit.count());
}

/// Each call is a read-only transaction of its own in one round trip.
class PostgresReading final : public OpenTransaction {
public:
    PostgresReading(Lease lease, milliseconds limit) : lease_(std::move(lease)), limit_(limit) {}

    Dialect dialect() const override { return Dialect::postgresql; }

    asio::awaitable<std::vector<Rows>> run(std::vector<Statement> statements) override {
        const std::size_t count = statements.size();
        auto all = preceded({"BEGIN READ ONLY"}, std::move(statements));
        all.push_back({"COMMIT", {}});
        co_return rows_of(co_await lease_->run(std::move(all), patience(limit_, count)), 1, count);
    }

    asio::awaitable<void> commit() override { co_return; }

    asio::awaitable<void> rollback() override {
        if (!lease_->broken() && !lease_->reusable())
            co_await lease_->run({{"ROLLBACK", {}}}, patience(limit_, 1));
    }

private:
    Lease lease_;
    const milliseconds limit_;
};

class PostgresWriting final : public OpenTransaction {
public:
    PostgresWriting(Lease lease, TransactionOptions options, milliseconds default_limit)
        : lease_(std::move(lease)), limit_(options.statement_limit.value_or(default_limit)) {
        prelude_.emplace_back(options.isolation == Isolation::serializable ? "BEGIN ISOLATION LEVEL SERIALIZABLE"
                                                                           : "BEGIN");
        if (limit_ != default_limit) prelude_.push_back(set_timeout("LOCAL", limit_));
    }

    Dialect dialect() const override { return Dialect::postgresql; }

    /// BEGIN travels with the first statement.
    asio::awaitable<std::vector<Rows>> run(std::vector<Statement> statements) override {
        const std::size_t count = statements.size();
        const auto prelude = std::exchange(prelude_, {});
        auto all = preceded(prelude, std::move(statements));
        co_return rows_of(co_await lease_->run(std::move(all), patience(limit_, count)), prelude.size(), count);
    }

    asio::awaitable<void> commit() override {
        if (!begun()) co_return;
        lease_->require_alive();
        try {
            co_await lease_->run({{"COMMIT", {}}}, patience(limit_, 1));
        } catch (const Error& error) {
            if (error.kind() != Errc::connection && error.kind() != Errc::timeout) throw;
            throw Error{Errc::commit_unknown, fmt::format("the outcome of COMMIT is unknown: {}", error.what()),
                        error.code()};
        }
    }

    asio::awaitable<void> rollback() override {
        if (begun() && !lease_->broken()) co_await lease_->run({{"ROLLBACK", {}}}, patience(limit_, 1));
    }

private:
    bool begun() const { return prelude_.empty(); }

    Lease lease_;
    const milliseconds limit_;
    std::vector<std::string> prelude_;
};

class PostgresDatabase final : public Database {
public:
    explicit PostgresDatabase(std::shared_ptr<Pool> pool) : pool_(std::move(pool)) {}

    Dialect dialect() const override { return Dialect::postgresql; }
    Usage usage() const override {
        const auto connections = pool_->slots.usage();
        return {connections.used, connections.waiting};
    }

private:
    asio::awaitable<std::unique_ptr<OpenTransaction>> begin(Access access, TransactionOptions options) override {
        const milliseconds limit = pool_->options.statement_limit;
        Slot slot = co_await pool_->slots.take(pool_->options.wait_limit);
        Connection connection = pool_->pop();
        if (!connection) connection = co_await connect(pool_);
        Lease lease{pool_, std::move(slot), std::move(connection)};
        if (access == Access::read) co_return std::make_unique<PostgresReading>(std::move(lease), limit);
        co_return std::make_unique<PostgresWriting>(std::move(lease), options, limit);
    }

    static asio::awaitable<Connection> connect(std::shared_ptr<Pool> pool) {
        const DatabaseOptions& options = pool->options;
        auto connection =
            co_await PostgresConnection::connect(pool->executor, pool->parameters, options.connect_limit);
        co_await connection->run({{set_timeout("SESSION", options.statement_limit), {}}}, options.connect_limit);
        co_return connection;
    }

    const std::shared_ptr<Pool> pool_;
};

}  // namespace

std::unique_ptr<Database> open_postgres(asio::any_io_executor executor, PostgresParameters parameters,
                                        const DatabaseOptions& options) {
    return std::make_unique<PostgresDatabase>(
        std::make_shared<Pool>(std::move(executor), std::move(parameters), options));
}

}  // namespace localtea::db
