#include "db/sqlite_lane.hpp"

#include <exception>
#include <iterator>
#include <optional>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace localtea::db {
namespace {

// Answers leave together, so that the thread that waits for them is woken once; the first must not wait for many.
constexpr std::size_t most_together = 16;

}  // namespace

// --- tasks ----------------------------------------------------------------------------------------------------

class SqliteLane::Task {
public:
    Task() = default;
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    virtual ~Task() = default;
    virtual void run(SqliteConnection& connection) = 0;
    virtual void answer() = 0;
};

/// Answers on the executor of the one who waits, which has work as long as this exists.
template <class Handler>
class SqliteLane::AwaitedTask final : public Task {
public:
    AwaitedTask(Job job, Handler handler)
        : job_(std::move(job)), handler_(std::move(handler)), working_(asio::make_work_guard(handler_)) {}

    void run(SqliteConnection& connection) override {
        try {
            results_ = job_(connection);
        } catch (...) {
            failure_ = std::current_exception();
        }
    }

    void answer() override {
        asio::post(working_.get_executor(),
                   [handler = std::move(handler_), failure = std::move(failure_),
                    results = std::move(results_)]() mutable { handler(std::move(failure), std::move(results)); });
    }

private:
    Job job_;
    Handler handler_;
    asio::executor_work_guard<asio::associated_executor_t<Handler>> working_;
    std::exception_ptr failure_;
    std::vector<Rows> results_;
};

class SqliteLane::PostedTask final : public Task {
public:
    explicit PostedTask(std::function<void(SqliteConnection&)> job) : job_(std::move(job)) {}
    void run(SqliteConnection& connection) override { job_(connection); }
    void answer() override {}

private:
    std::function<void(SqliteConnection&)> job_;
};

// --- the lane -------------------------------------------------------------------------------------------------

SqliteLane::SqliteLane(const std::string& file, SqliteConnection::Mode mode, std::chrono::milliseconds lock_limit)
    : reads_(mode == SqliteConnection::Mode::read),
      connection_(file, mode, lock_limit),
      thread_([this] { live(); }) {}

SqliteLane::~SqliteLane() { join(); }

asio::awaitable<std::vector<Rows>> SqliteLane::run(Job job) {
    return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, std::vector<Rows>)>(
        [this](auto handler, Job wanted) {
            push(std::make_unique<AwaitedTask<decltype(handler)>>(std::move(wanted), std::move(handler)));
        },
        asio::use_awaitable, std::move(job));
}

void SqliteLane::post(std::function<void(SqliteConnection&)> job) {
    push(std::make_unique<PostedTask>(std::move(job)));
}

void SqliteLane::push(std::unique_ptr<Task> task) {
    ++jobs_;
    bool first = false;
    {
        const std::lock_guard lock{mutex_};
        waiting_.push_back(std::move(task));
        first = waiting_.size() == 1;
    }
    if (first) pushed_.notify_one();
}

void SqliteLane::join() {
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
        pushed_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void SqliteLane::live() {
    for (Tasks tasks = next(); !tasks.empty(); tasks = next()) run_together(std::move(tasks));
}

// Nothing when the lane is closed and all is done.
SqliteLane::Tasks SqliteLane::next() {
    std::unique_lock lock{mutex_};
    pushed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
    if (waiting_.size() <= most_together) return std::exchange(waiting_, {});
    Tasks first{std::move_iterator{waiting_.begin()}, std::move_iterator{waiting_.begin() + most_together}};
    waiting_.erase(waiting_.begin(), waiting_.begin() + most_together);
    return first;
}

void SqliteLane::run_together(Tasks tasks) {
    {
        std::optional<Snapshot> snapshot;
        try {
            if (reads_ && tasks.size() > 1) snapshot.emplace(connection_);
        } catch (const Error&) {
            // Each is told what is wrong by a statement of its own.
        }
        for (const auto& task : tasks) task->run(connection_);
    }
    jobs_ -= tasks.size();
    for (const auto& task : tasks) task->answer();
}

// --- the snapshot ---------------------------------------------------------------------------------------------

Snapshot::Snapshot(SqliteConnection& connection) : connection_(connection), opened_(!connection.in_transaction()) {
    if (opened_) connection_.execute("BEGIN");
}

Snapshot::~Snapshot() {
    if (!opened_ || !connection_.in_transaction()) return;
    try {
        connection_.execute("COMMIT");
    } catch (const Error&) {
        // Dropped: nothing was written. Should it still be open, the next one goes on within it.
    }
}

}  // namespace localtea::db
