// What runs at present, for those who look.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include <samovar/clock.hpp>

#include "control/task_info.hpp"
#include "core/store_clock.hpp"
#include "worker/job.hpp"

namespace samovar::worker {

/// A fixed number of seats. To sit down costs a run one write and to stand up one exchange, without a lock or an
/// allocation; only who is being looked at waits until the look is over.
///
/// Threads: list() from any; each seat is used by one run at a time.
class RunningJobs {
public:
    explicit RunningJobs(std::size_t seats);

    class Seat;
    Seat& seat(std::size_t number) { return seats_[number]; }
    std::size_t seats() const { return count_; }

    /// Lists a run for as long as it lives. Lifetime: the job outlives it and does not change meanwhile.
    class Sitting {
    public:
        Sitting(Seat& seat, const Job& job, SteadyTime begun);
        ~Sitting();
        Sitting(const Sitting&) = delete;
        Sitting& operator=(const Sitting&) = delete;

    private:
        Seat& seat_;
    };

    std::vector<control::TaskInfo> list(const StoreClock& clock) const;

    // On a cache line of its own: neighbours are different threads.
    class alignas(64) Seat {
    private:
        friend class RunningJobs;

        // A Job; being_read while somebody reads it; null.
        std::atomic<const void*> job_{nullptr};
        SteadyTime begun_{};
        std::mutex* reading_ = nullptr;
    };

private:
    class Look;

    // Stands for a job that is being read: only its address counts.
    static constexpr char being_read = 0;

    const std::size_t count_;
    std::unique_ptr<Seat[]> seats_;
    /// Held by who reads.
    mutable std::mutex reading_;
};

/// What inspect shows of a job.
control::TaskInfo glance(const Job& job);

}  // namespace samovar::worker
