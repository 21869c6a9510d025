// A connection to SQLite and the one thread that uses it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "db/rows.hpp"
#include "db/sqlite_connection.hpp"

namespace localtea::db {

namespace asio = boost::asio;

/// Runs jobs in the order they come. A lane that reads runs those that wait together within one snapshot: locking
/// the file costs as much as a statement, and waking the thread more than one.
///
/// Threads: any. Lifetime: outlives the coroutines that wait for it.
class SqliteLane {
public:
    using Job = std::function<std::vector<Rows>(SqliteConnection&)>;

    /// Errors: Error{connection}.
    SqliteLane(const std::string& file, SqliteConnection::Mode mode, std::chrono::milliseconds lock_limit);
    SqliteLane(const SqliteLane&) = delete;
    SqliteLane& operator=(const SqliteLane&) = delete;
    ~SqliteLane();

    /// Runs `job` on the lane's thread; the caller goes on where it was. Errors: what the job throws.
    asio::awaitable<std::vector<Rows>> run(Job job);

    /// Runs a job that nobody waits for and that does not throw.
    void post(std::function<void(SqliteConnection&)> job);

    /// Jobs that wait or run.
    std::size_t jobs() const { return jobs_; }

    /// Returns when the thread has done what it was given. Call nothing else afterwards.
    void join();

private:
    class Task;
    template <class Handler>
    class AwaitedTask;
    class PostedTask;
    using Tasks = std::vector<std::unique_ptr<Task>>;

    void push(std::unique_ptr<Task> task);
    void live();
    Tasks next();
    void run_together(Tasks tasks);

    const bool reads_;
    SqliteConnection connection_;
    std::atomic<std::size_t> jobs_ = 0;
    std::mutex mutex_;
    std::condition_variable pushed_;
    Tasks waiting_;
    bool closed_ = false;
    std::thread thread_;  // after all that it uses
};

/// A read transaction, as long as this exists; within another it is none of its own.
class Snapshot {
public:
    explicit Snapshot(SqliteConnection& connection);
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    ~Snapshot();

private:
    SqliteConnection& connection_;
    const bool opened_;
};

}  // namespace localtea::db
