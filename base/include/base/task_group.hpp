// Structured concurrency: coroutines that end before their owner does.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace samovar {

/// Owns the coroutines spawned into it. The first exception cancels the others and comes out of join();
/// operation_aborted after cancel() is the expected end and no error.
///
/// Threads: the executor runs one thing at a time (one thread, or a strand); every member is called on it.
/// Lifetime: co_await join() before the group goes; a group destroyed with coroutines running cancels them
/// and leaves them to end by themselves.
class TaskGroup {
public:
    explicit TaskGroup(boost::asio::any_io_executor executor);
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Starts a coroutine soon. After cancel() it is cancelled at its first suspension.
    void spawn(boost::asio::awaitable<void> coroutine);

    /// Asks every coroutine to end: what they wait for completes with operation_aborted. Safe to call twice.
    void cancel();
    bool cancelled() const;
    /// Coroutines that have not ended.
    std::size_t size() const;

    /// Returns when every coroutine has ended, those spawned meanwhile too. Cancelling join() cancels the
    /// group and still waits. Errors: the first exception that ended a coroutine.
    boost::asio::awaitable<void> join();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace samovar
