#include "db/sqlite_database.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "db/slots.hpp"
#include "db/sqlite_lane.hpp"

namespace localtea::db {
namespace {

void roll_back(SqliteConnection& connection) {
    if (connection.in_transaction()) connection.execute("ROLLBACK");
}

/// For a transaction that nobody waits for any more.
void roll_back_quietly(SqliteConnection& connection) {
    try {
        roll_back(connection);
    } catch (const Error&) {
        // Dropped: the next BEGIN on this lane says why.
    }
}

/// The one lane that writes, and the turns to use it.
struct Writer {
    Writer(const asio::any_io_executor& executor, const std::string& file, const DatabaseOptions& options)
        : turns(executor, 1, "turn to write to SQLite"),
          lane(file, SqliteConnection::Mode::write, options.lock_limit) {}

    Slots turns;
    SqliteLane lane;
};

/// The lanes that read. Statements of several sessions take turns on one: none leaves a transaction open, so
/// nobody need have a lane to himself.
class Readers {
public:
    Readers(const std::string& file, const DatabaseOptions& options) : limit_(options.read_queue) {
        for (std::size_t i = 0; i < options.readers; ++i)
            lanes_.push_back(std::make_unique<SqliteLane>(file, SqliteConnection::Mode::read, options.lock_limit));
    }

    /// The lane with the least to do. Errors: Error{busy} when even that has too much.
    SqliteLane& pick() {
        SqliteLane& lane = **std::ranges::min_element(lanes_, {}, &jobs);
        if (lane.jobs() >= limit_)
            throw Error{Errc::busy, fmt::format("{} statements wait for SQLite already", limit_)};
        return lane;
    }

    Usage usage() const {
        Usage usage;
        for (const auto& lane : lanes_) {
            const std::size_t jobs = lane->jobs();
            usage.used += std::min<std::size_t>(jobs, 1);
            usage.waiting += jobs - std::min<std::size_t>(jobs, 1);
        }
        return usage;
    }

    void join() {
        for (const auto& lane : lanes_) lane->join();
    }

private:
    static std::size_t jobs(const std::unique_ptr<SqliteLane>& lane) { return lane->jobs(); }

    const std::size_t limit_;
    std::vector<std::unique_ptr<SqliteLane>> lanes_;
};

std::vector<Rows> run_each(SqliteConnection& connection, const std::vector<Statement>& statements) {
    std::vector<Rows> results;
    results.reserve(statements.size());
    for (const auto& [sql, parameters] : statements)
        results.emplace_back(std::make_shared<const Table>(connection.execute(sql, parameters)));
    return results;
}

std::vector<Rows> read_each(SqliteConnection& connection, const std::vector<Statement>& statements) {
    if (statements.size() == 1) return run_each(connection, statements);
    const Snapshot snapshot{connection};
    return run_each(connection, statements);
}

/// Statements on a reading lane; those that come together see the same moment.
class SqliteReading final : public OpenTransaction {
public:
    explicit SqliteReading(std::shared_ptr<Readers> readers) : readers_(std::move(readers)) {}

    Dialect dialect() const override { return Dialect::sqlite; }
    asio::awaitable<std::vector<Rows>> run(std::vector<Statement> statements) override {
        return readers_->pick().run([statements = std::move(statements)](SqliteConnection& connection) {
            return read_each(connection, statements);
        });
    }
    asio::awaitable<void> commit() override { co_return; }
    asio::awaitable<void> rollback() override { co_return; }

private:
    std::shared_ptr<Readers> readers_;
};

class SqliteWriting final : public OpenTransaction {
public:
    SqliteWriting(std::shared_ptr<Writer> writer, Slot turn)
        : turn_(std::move(turn)), writer_(std::move(writer)) {}
    /// The lane does jobs in order, so the rollback comes before whatever the next one to write asks.
    ~SqliteWriting() override {
        if (open_) writer_->lane.post(roll_back_quietly);
    }

    Dialect dialect() const override { return Dialect::sqlite; }

    /// BEGIN IMMEDIATE goes with the first statement: one visit of the thread less, and the write lock is not held
    /// by a body that has not written yet.
    asio::awaitable<std::vector<Rows>> run(std::vector<Statement> statements) override {
        const bool first = !std::exchange(open_, true);
        return writer_->lane.run([first, statements = std::move(statements)](SqliteConnection& connection) {
            if (first) connection.execute("BEGIN IMMEDIATE");
            return run_each(connection, statements);
        });
    }

    asio::awaitable<void> commit() override {
        if (!open_) co_return;
        co_await writer_->lane.run([](SqliteConnection& connection) {
            connection.execute("COMMIT");
            return std::vector<Rows>{};
        });
        open_ = false;
    }

    asio::awaitable<void> rollback() override {
        if (!open_) co_return;
        co_await writer_->lane.run([](SqliteConnection& connection) {
            roll_back(connection);
            return std::vector<Rows>{};
        });
        open_ = false;
    }

private:
    Slot turn_;
    std::shared_ptr<Writer> writer_;
    bool open_ = false;
};

class SqliteDatabase final : public Database {
public:
    SqliteDatabase(const asio::any_io_executor& executor, const std::string& file, const DatabaseOptions& options)
        : wait_limit_(options.wait_limit),
          writer_(std::make_shared<Writer>(executor, file, options)),
          readers_(std::make_shared<Readers>(file, options)) {}

    /// A frame that a dying executor destroys later may still hold these, but nothing runs any more.
    ~SqliteDatabase() override {
        writer_->lane.join();
        readers_->join();
    }

    Dialect dialect() const override { return Dialect::sqlite; }
    Usage usage() const override {
        const auto writing = writer_->turns.usage();
        const auto reading = readers_->usage();
        return {writing.used + reading.used, writing.waiting + reading.waiting};
    }

private:
    asio::awaitable<std::unique_ptr<OpenTransaction>> begin(Access access, TransactionOptions) override {
        if (access == Access::read) co_return std::make_unique<SqliteReading>(readers_);
        co_return std::make_unique<SqliteWriting>(writer_, co_await writer_->turns.take(wait_limit_));
    }

    const std::chrono::milliseconds wait_limit_;
    const std::shared_ptr<Writer> writer_;
    const std::shared_ptr<Readers> readers_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(asio::any_io_executor executor, const std::string& file,
                                      const DatabaseOptions& options) {
    return std::make_unique<SqliteDatabase>(executor, file, options);
}

}  // namespace localtea::db
