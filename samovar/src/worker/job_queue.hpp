// Jobs between the event loop that reserves them and whoever runs them.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <samovar/clock.hpp>

#include "control/task_info.hpp"
#include "worker/job.hpp"

namespace samovar::worker {

/// What a started job occupies until it is free for another one.
struct Slot {
    bool suspect = false;
    /// How long its handler ran.
    SteadyTime::duration ran{0};
};

/// Decides what may start.
///
/// At most `concurrency` jobs have a slot, whatever their kind. Each kind starts in the order in which it was
/// reserved. One that the store has to let start gets its slot first, is asked for, and starts when let_start()
/// brings it back.
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
    /// Called when take_to_ask() has something to give; it must not call this queue. Set before push().
    void on_asking_needed(std::function<void()> handler) { ask_ = std::move(handler); }

    void push(std::vector<Job> jobs);
    /// The next blocking job, as soon as one may start; nullopt when none may and stop() was called. A new
    /// thread's `first` call says so.
    std::optional<Job> take_blocking(bool first);
    /// Lets waiting threads return.
    void stop();
    /// The next coroutine job, if one may start now.
    std::optional<Job> take_coroutine();
    /// Their slots are free: the store has acknowledged them, or will soon.
    void release(const std::vector<Slot>& slots);
    /// Time has passed: what waited for a probation may start.
    void recheck();

    /// Jobs whose turn it is and that the store has to let start. Each has a slot now. Those that need not be
    /// asked for any more start.
    std::vector<Job> take_to_ask();
    /// The same of one epoch, for a call that will have freed `slots` more when it is answered: no suspects and
    /// none with limits.
    std::vector<Job> take_riders(const std::shared_ptr<Epoch>& epoch, std::size_t slots);
    /// The store lets them start.
    void let_start(std::vector<Job> jobs);
    /// It did not answer: they are to be asked for again.
    void ask_again(std::vector<Job> jobs);
    /// Jobs are shorter than a round trip: several times as many as there are slots start before a call that says
    /// so is answered.
    void expect_brief(bool brief);
    /// Of what is reserved next, so many are expected to start before another call says more.
    std::size_t startable() const;
    /// The place up to which jobs of that epoch are expected to start, when `slots` more are free. 0: there are
    /// none.
    std::uint64_t startable_place(const std::shared_ptr<Epoch>& epoch, std::size_t slots) const;

    /// Takes back what has no slot, in the order of reservation. Suspects that wait for their turn stay
    /// unless `all`.
    std::vector<Job> withdraw(bool all);

    std::size_t concurrency() const { return concurrency_; }
    /// How many have a slot.
    std::size_t running() const;
    /// Of the slots: those that can start nothing now, since something runs in them or they have no thread.
    std::size_t occupied() const;
    std::size_t unstarted() const;
    /// What inspect shows of them, in the order of reservation within each kind.
    std::vector<control::TaskInfo> unstarted_tasks() const;
    /// Jobs that have got a slot so far.
    std::uint64_t taken() const;
    /// Something waits that only time will let start.
    bool waiting_for_probation() const;

private:
    using Line = std::deque<Job>;
    class Sleeper;

    /// One kind of job.
    struct Kind {
        /// The store lets them start, and they have a slot.
        Line let;
        Line waiting;
    };

    Kind& kind_of(const Job& job) { return job.is_coroutine() ? coroutines_ : blocking_; }
    bool has_turn(const Line& line, std::size_t promised = 0) const;
    bool may_start(const Kind& kind) const;
    bool must_ask() const;
    std::size_t next_starts(std::size_t slots) const;
    Job give_slot(Line& line);
    std::optional<Job> take(Kind& kind);
    /// Wakes whoever can go on: the thread that fell asleep last, or a new one; or who asks the store. At most one
    /// thread is on its way at a time: when it has arrived it calls the next, so that jobs shorter than a thread
    /// switch wake no more threads than they can occupy.
    void call(std::unique_lock<std::mutex>& lock);

    const std::size_t concurrency_;
    const SteadyTime::duration probation_;
    const Clock& clock_;
    std::function<bool()> spawn_ = [] { return true; };
    std::function<void()> ask_ = [] {};

    mutable std::mutex mutex_;
    Kind blocking_;
    Kind coroutines_;
    /// They have a slot, and what the store said of them does not hold any more.
    std::vector<Job> again_;
    std::size_t threads_ = 0;
    std::vector<Sleeper*> sleepers_;
    bool thread_called_ = false;
    SteadyTime no_thread_before_{};
    bool stopped_ = false;
    std::size_t running_ = 0;
    std::uint64_t taken_ = 0;
    std::size_t suspects_running_ = 0;
    std::size_t ahead_ = 0;
    /// When the last job, and the last suspect, got its slot.
    SteadyTime last_start_{};
    SteadyTime suspect_start_{};
};

}  // namespace samovar::worker
