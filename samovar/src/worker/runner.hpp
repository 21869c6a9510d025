// Runs jobs: blocking handlers on threads, coroutine handlers on the event loop.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/roles.hpp"
#include "core/store_clock.hpp"
#include "worker/completer.hpp"
#include "worker/job_queue.hpp"
#include "worker/running_jobs.hpp"
#include "worker/starter.hpp"

namespace samovar::worker {

/// Threads are made when blocking jobs need them, never more than the queue's concurrency; fewer, with a warning,
/// where the system gives no more.
class Runner {
public:
    /// `running` has two seats for each of the queue's slots, so that either kind of job may fill them all.
    Runner(boost::asio::any_io_executor executor, Roles& roles, JobQueue& queue, Completer& completer,
           Starter& starter, RunningJobs& running, const StoreClock& clock);
    ~Runner();

    /// Starts coroutine jobs that may start. On the event loop.
    void pump();
    /// Lets threads that are idle end; those that run a handler end after it.
    void stop();
    /// Waits for the threads. Requires: stop() before, and no handler that never ends.
    void join();

private:
    using Seat = RunningJobs::Seat;
    class CoroutineSitting;

    void thread_main(Seat& seat);
    broker::Completion run_blocking(const Job& job, std::uint64_t fence, Seat& seat) const;
    boost::asio::awaitable<void> run_coroutine(Job job);
    boost::asio::awaitable<broker::Completion> await_handler(Job job, std::uint64_t fence);
    bool spawn();
    void finish(Job job, broker::Completion completion);
    void refuse(Job job, broker::Started::Answer answer);

    boost::asio::any_io_executor executor_;
    Roles& roles_;
    JobQueue& queue_;
    Completer& completer_;
    Starter& starter_;
    RunningJobs& running_;
    const StoreClock& clock_;
    /// Of coroutines; on the event loop alone.
    std::vector<Seat*> free_seats_;
    std::mutex threads_mutex_;
    std::vector<std::jthread> threads_;
    bool refused_a_thread_ = false;
};

}  // namespace samovar::worker
