// Runs jobs: blocking handlers on threads, coroutine handlers on the event loop.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "core/store_clock.hpp"
#include "worker/completer.hpp"
#include "worker/job_queue.hpp"
#include "worker/marker.hpp"

namespace samovar::worker {

/// Threads are made when blocking jobs need them, never more than the queue's concurrency.
class Runner {
public:
    Runner(boost::asio::any_io_executor executor, JobQueue& queue, Completer& completer, Marker& marker,
           const StoreClock& clock);
    ~Runner();

    /// Starts coroutine jobs that may start. On the event loop.
    void pump();
    /// Lets threads that are idle end; those that run a handler end after it.
    void stop();
    /// Waits for the threads. Requires: stop() before, and no handler that never ends.
    void join();

private:
    void thread_main();
    broker::Completion run_blocking(const Job& job, std::uint64_t fence) const;
    boost::asio::awaitable<void> run_coroutine(Job job);
    boost::asio::awaitable<broker::Completion> await_handler(Job job, std::uint64_t fence);
    void spawn();
    void finish(Job job, broker::Completion completion);
    void refuse(Job job, broker::Started::Answer answer);

    boost::asio::any_io_executor executor_;
    JobQueue& queue_;
    Completer& completer_;
    Marker& marker_;
    const StoreClock& clock_;
    std::mutex threads_mutex_;
    std::vector<std::jthread> threads_;
};

}  // namespace samovar::worker
