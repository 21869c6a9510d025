// Runs jobs: blocking handlers on threads, coroutine handlers on the event loop.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "worker/completer.hpp"
#include "worker/job_queue.hpp"
#include "worker/marker.hpp"
#include "worker/store_clock.hpp"

namespace samovar::worker {

/// Threads are made when blocking jobs need them, never more than `concurrency`.
class Runner {
public:
    Runner(boost::asio::any_io_executor executor, JobQueue& queue, Completer& completer, Marker& marker,
           broker::Broker& broker, const StoreClock& clock, std::size_t concurrency);
    ~Runner();

    /// Called after each job that ended, on the thread that ran it.
    void on_finished(std::function<void()> handler) { on_finished_ = std::move(handler); }

    /// Starts what may start. On the event loop.
    void pump();
    /// Lets threads that are idle end; those that run a handler end after it.
    void stop();
    /// Waits for the threads. Requires: stop() before, and no handler that never ends.
    void join();

private:
    void thread_main(std::stop_token stop);
    boost::asio::awaitable<void> run_coroutine(Job job);
    void finish(const Job& job, broker::Completion completion);
    void ended(const Job& job);

    boost::asio::any_io_executor executor_;
    JobQueue& queue_;
    Completer& completer_;
    Marker& marker_;
    broker::Broker& broker_;
    const StoreClock& clock_;
    const std::size_t concurrency_;
    std::function<void()> on_finished_ = [] {};
    std::vector<std::jthread> threads_;
};

}  // namespace samovar::worker
