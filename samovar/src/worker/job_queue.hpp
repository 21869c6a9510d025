// Jobs between the event loop that reserves them and whoever runs them.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include <samovar/clock.hpp>

#include "control/task_info.hpp"
#include "worker/job.hpp"

namespace samovar::worker {

/// What a started job occupies until the store has acknowledged it.
struct Slot {
    bool suspect = false;
};

/// Decides what may start.
///
/// At most `concurrency` jobs are started and not yet acknowledged, whatever their kind: so many, and no more, run
/// again when the process dies. Each kind starts in the order in which it was reserved.
///
/// A suspect starts alone, so that a death of the process can be blamed on it: nothing else starts while it runs,
/// until it has survived its probation; and it starts when nothing else runs, or when all that runs has survived
/// as long (or a three-hour task would hold it up for three hours).
///
/// Threads: every member from any thread.
class JobQueue {
public:
    JobQueue(std::size_t concurrency, std::chrono::milliseconds probation, const Clock& clock);

    /// Called when one more thread could start a job, and none is idle; without a lock held. False: the system
    /// gives none, and is asked again after a while. Set before push().
    void on_thread_needed(std::function<bool()> handler) { spawn_ = std::move(handler); }

    void push(std::vector<Job> jobs);
    /// The next blocking job, as soon as one may start; nullopt when none may and stop() was called. A new
    /// thread's `first` call says so.
    std::optional<Job> take_blocking(bool first);
    /// Lets waiting threads return.
    void stop();
    /// The next coroutine job, if one may start now.
    std::optional<Job> take_coroutine();
    /// Started jobs were acknowledged.
    void release(const std::vector<Slot>& slots);
    /// Time has passed: what waited for a probation may start.
    void recheck();

    /// Takes back what has not started, in the order of reservation. Suspects that wait for their turn stay
    /// unless `all`.
    std::vector<Job> withdraw(bool all);

    std::size_t concurrency() const { return concurrency_; }
    /// Started and not acknowledged.
    std::size_t running() const;
    /// Of the slots: those that can start nothing now, since something runs in them or they have no thread.
    std::size_t occupied() const;
    std::size_t unstarted() const;
    /// What inspect shows of them, in the order of reservation within each kind.
    std::vector<control::TaskInfo> unstarted_tasks() const;
    /// Jobs taken so far.
    std::uint64_t taken() const;
    /// Something waits that only time will let start.
    bool waiting_for_probation() const;

private:
    using Line = std::deque<Job>;
    class Sleeper;

    bool may_start(const Line& line) const;
    Job take(Line& line);
    /// Wakes the thread that fell asleep last, or asks for a new one. At most one is on its way at a time: when it
    /// has arrived it calls the next, so that jobs shorter than a thread switch wake no more threads than they can
    /// occupy.
    void call_a_thread(std::unique_lock<std::mutex>& lock);

    const std::size_t concurrency_;
    const SteadyTime::duration probation_;
    const Clock& clock_;
    std::function<bool()> spawn_ = [] { return true; };

    mutable std::mutex mutex_;
    Line blocking_;
    Line coroutines_;
    std::size_t threads_ = 0;
    std::vector<Sleeper*> sleepers_;
    bool thread_called_ = false;
    SteadyTime no_thread_before_{};
    bool stopped_ = false;
    std::size_t running_ = 0;
    std::uint64_t taken_ = 0;
    std::size_t suspects_running_ = 0;
    /// When the last job, and the last suspect, started.
    SteadyTime last_start_{};
    SteadyTime suspect_start_{};
};

}  // namespace samovar::worker
