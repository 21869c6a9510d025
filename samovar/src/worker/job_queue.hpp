// Jobs between the event loop that reserves them and whoever runs them.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include <samovar/clock.hpp>

#include "worker/job.hpp"

namespace samovar::worker {

/// Decides what may start: at most `concurrency` jobs run at a time, whatever their kind, each kind in the order in
/// which it was reserved; and a suspect starts alone, so that a death of the process can be blamed on it.
///
/// Alone means: nothing else starts while it runs, until it has survived its probation, and it starts when nothing
/// else runs, or when all that runs has survived as long (or a three-hour task would hold it up for three hours).
///
/// Threads: every member from any thread.
class JobQueue {
public:
    JobQueue(std::size_t concurrency, std::chrono::milliseconds probation, const Clock& clock);

    void push(std::vector<Job> jobs);
    /// The next blocking job, as soon as one may start; nullopt when stopped.
    std::optional<Job> take_blocking(std::stop_token stop);
    /// The next coroutine job, if one may start now.
    std::optional<Job> take_coroutine();
    /// A job that was taken has ended.
    void finished(const Job& job);
    /// Time has passed: what waited for a probation may start.
    void recheck();

    /// Takes back what has not started, in the order of reservation. Suspects that wait for their turn stay
    /// unless `all`.
    std::vector<Job> withdraw(bool all);

    std::size_t running() const;
    std::size_t unstarted() const;
    /// Blocking jobs that run or wait.
    std::size_t blocking_backlog() const;
    std::size_t concurrency() const { return concurrency_; }
    /// Jobs taken so far.
    std::uint64_t taken() const;
    /// Something waits that only time will let start.
    bool waiting_for_probation() const;

private:
    using Line = std::deque<Job>;

    bool may_start(const Job& job) const;
    Job take(Line& line);

    const std::size_t concurrency_;
    const SteadyTime::duration probation_;
    const Clock& clock_;

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    Line blocking_;
    Line coroutines_;
    std::size_t running_ = 0;
    std::size_t blocking_running_ = 0;
    std::uint64_t taken_ = 0;
    std::size_t suspects_running_ = 0;
    /// When the last job, and the last suspect, started.
    SteadyTime last_start_{};
    SteadyTime suspect_start_{};
};

}  // namespace samovar::worker
