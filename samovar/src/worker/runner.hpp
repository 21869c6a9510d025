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

namespace samovar::worker {

/// Threads are made when blocking jobs need them, never more than the queue's concurrency; fewer, with a warning,
/// where the system gives no more.
class Runner {
public:
    /// `running` has two seats for each of the queue's slots, so that either kind of job may fill them all.
    Runner(boost::asio::any_io_executor executor, Roles& roles, JobQueue& queue, Completer& completer,
           RunningJobs& running, const StoreClock& clock);
    ~Runner();

    /// Starts coroutine jobs that may start. On the event loop.
    void pump();
    /// The store did not let it start: its slot is freed, and it ends if another run has its turn.
    void refuse(Job job, broker::Started::Answer answer);
    /// Lets threads that are idle end; those that run a handler end after it.
    void stop();
    /// Waits for the threads. Requires: stop() before, and no handler that never ends.
    void join();

private:
    using Seat = RunningJobs::Seat;
    class CoroutineSitting;
    struct Ended {
        broker::Completion completion;
        SteadyTime::duration ran{0};
    };

    void thread_main(Seat& seat);
    Ended run_blocking(const Job& job, Seat& seat) const;
    boost::asio::awaitable<void> run_coroutine(Job job);
    boost::asio::awaitable<Ended> await_handler(Job job);
    bool spawn();
    Ended end(const Job& job, task::Outcome outcome, SteadyTime begun) const;
    void finish(Job job, Ended ended);

    boost::asio::any_io_executor executor_;
    Roles& roles_;
    JobQueue& queue_;
    Completer& completer_;
    RunningJobs& running_;
    const StoreClock& clock_;
    /// Of coroutines; on the event loop alone.
    std::vector<Seat*> free_seats_;
    std::mutex threads_mutex_;
    std::vector<std::jthread> threads_;
    bool refused_a_thread_ = false;
};

}  // namespace samovar::worker
