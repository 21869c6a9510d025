#include "db/sqlite_database.hpp"

#include <mutex>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "db/slots.hpp"
#include "db/sqlite_connection.hpp"

namespace localtea::db {
namespace {

/// A connection and the one thread that uses it.
class Lane {
public:
    Lane(const std::string& file, SqliteConnection::Mode mode, std::chrono::milliseconds lock_limit)
        : connection_(file, mode, lock_limit) {}

    /// Runs `job` with the connection on the lane's thread; the caller goes on where it was.
    template <class Job>
    auto run(Job job) -> asio::awaitable<std::invoke_result_t<Job&, SqliteConnection&>> {
        return asio::co_spawn(thread_.get_executor(), on_thread(&connection_, std::move(job)),
                              asio::use_awaitable);
    }

    template <class Job>
    void post(Job job) {
        asio::post(thread_.get_executor(), [this, job = std::move(job)] { job(connection_); });
    }

    /// Returns when the thread has done what it was given.
    void join() { thread_.join(); }

private:
    template <class Job>
    static auto on_thread(SqliteConnection* connection, Job job)
        -> asio::awaitable<std::invoke_result_t<Job&, SqliteConnection&>> {
        co_return job(*connection);
    }

    SqliteConnection connection_;
    asio::thread_pool thread_{1};  // after the connection: its destructor waits for the last job
};

void roll_back(SqliteConnection& connection) {
    if (connection.in_transaction()) connection.execute("ROLLBACK");
}

/// For a transaction that nobody waits for any more. Should it fail, the next BEGIN on this lane says why.
void roll_back_quietly(SqliteConnection& connection) {
    try {
        roll_back(connection);
    } catch (const Error&) {
    }
}

/// The lanes of one file. The slots say how many may be used, `idle` which.
struct Lanes {
    Lanes(const asio::any_io_executor& executor, std::size_t count, const std::string& what)
        : slots(executor, count, what) {}

    Slots slots;
    std::mutex mutex;
    std::vector<Lane*> idle;  // guarded by mutex
    std::vector<std::unique_ptr<Lane>> all;

    void add(std::unique_ptr<Lane> lane) {
        idle.push_back(lane.get());
        all.push_back(std::move(lane));
    }

    Lane* pop() {
        const std::lock_guard lock{mutex};
        Lane* lane = idle.back();
        idle.pop_back();
        return lane;
    }

    void push(Lane* lane) {
        const std::lock_guard lock{mutex};
        idle.push_back(lane);
    }
};

/// A lane while it is ours. The lane is put back before the slot is.
class ConnectionLease {
public:
    ConnectionLease(std::shared_ptr<Lanes> lanes, Slot slot)
        : slot_(std::move(slot)), lanes_(std::move(lanes)), lane_(lanes_->pop()) {}
    ConnectionLease(ConnectionLease&& other) noexcept
        : slot_(std::move(other.slot_)),
          lanes_(std::move(other.lanes_)),
          lane_(std::exchange(other.lane_, nullptr)) {}
    ConnectionLease& operator=(ConnectionLease&&) = delete;
    ~ConnectionLease() {
        if (lane_ != nullptr) lanes_->push(lane_);
    }

    Lane& lane() const { return *lane_; }

private:
    Slot slot_;
    std::shared_ptr<Lanes> lanes_;
    Lane* lane_;
};

std::vector<Rows> run_each(SqliteConnection& connection, const std::vector<Statement>& statements) {
    std::vector<Rows> results;
    results.reserve(statements.size());
    for (const auto& [sql, parameters] : statements)
        results.emplace_back(std::make_shared<const Table>(connection.execute(sql, parameters)));
    return results;
}

/// Statements on a reading lane, each its own snapshot.
class SqliteReading final : public OpenTransaction {
public:
    explicit SqliteReading(ConnectionLease lease) : lease_(std::move(lease)) {}

    Dialect dialect() const override { return Dialect::sqlite; }
    asio::awaitable<std::vector<Rows>> run(std::vector<Statement> statements) override {
        return lease_.lane().run([statements = std::move(statements)](SqliteConnection& connection) {
            return run_each(connection, statements);
        });
    }
    asio::awaitable<void> commit() override { co_return; }
    asio::awaitable<void> rollback() override { co_return; }

private:
    ConnectionLease lease_;
};

class SqliteWriting final : public OpenTransaction {
public:
    explicit SqliteWriting(ConnectionLease lease) : lease_(std::move(lease)) {}
    /// The lane does jobs in order, so the rollback comes before whatever the next owner asks.
    ~SqliteWriting() override {
        if (open_) lease_.lane().post(roll_back_quietly);
    }

    Dialect dialect() const override { return Dialect::sqlite; }

    /// BEGIN IMMEDIATE goes with the first statement: one visit of the thread less, and the write lock is not held
    /// by a body that has not written yet.
    asio::awaitable<std::vector<Rows>> run(std::vector<Statement> statements) override {
        const bool first = !std::exchange(open_, true);
        return lease_.lane().run([first, statements = std::move(statements)](SqliteConnection& connection) {
            if (first) connection.execute("BEGIN IMMEDIATE");
            return run_each(connection, statements);
        });
    }

    asio::awaitable<void> commit() override {
        if (!open_) co_return;
        co_await lease_.lane().run([](SqliteConnection& connection) { connection.execute("COMMIT"); });
        open_ = false;
    }

    asio::awaitable<void> rollback() override {
        if (!open_) co_return;
        co_await lease_.lane().run(roll_back);
        open_ = false;
    }

private:
    ConnectionLease lease_;
    bool open_ = false;
};

class SqliteDatabase final : public Database {
public:
    SqliteDatabase(const asio::any_io_executor& executor, const std::string& file, const DatabaseOptions& options)
        : wait_limit_(options.wait_limit),
          writers_(std::make_shared<Lanes>(executor, 1, "turn to write to SQLite")),
          readers_(std::make_shared<Lanes>(executor, options.readers, "reader of SQLite")) {
        using enum SqliteConnection::Mode;
        writers_->add(std::make_unique<Lane>(file, write, options.lock_limit));
        for (std::size_t i = 0; i < options.readers; ++i)
            readers_->add(std::make_unique<Lane>(file, read, options.lock_limit));
    }

    /// A frame that a dying executor destroys later may still hold a lease, but nothing runs any more.
    ~SqliteDatabase() override {
        for (const auto* lanes : {writers_.get(), readers_.get()})
            for (const auto& lane : lanes->all) lane->join();
    }

    Dialect dialect() const override { return Dialect::sqlite; }
    Usage usage() const override {
        const auto writing = writers_->slots.usage();
        const auto reading = readers_->slots.usage();
        return {writing.used + reading.used, writing.waiting + reading.waiting};
    }

private:
    asio::awaitable<std::unique_ptr<OpenTransaction>> begin(Access access, TransactionOptions) override {
        const auto lanes = access == Access::write ? writers_ : readers_;
        ConnectionLease lease{lanes, co_await lanes->slots.take(wait_limit_)};
        if (access == Access::write) co_return std::make_unique<SqliteWriting>(std::move(lease));
        co_return std::make_unique<SqliteReading>(std::move(lease));
    }

    const std::chrono::milliseconds wait_limit_;
    const std::shared_ptr<Lanes> writers_;
    const std::shared_ptr<Lanes> readers_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(asio::any_io_executor executor, const std::string& file,
                                      const DatabaseOptions& options) {
    return std::make_unique<SqliteDatabase>(executor, file, options);
}

}  // namespace localtea::db
