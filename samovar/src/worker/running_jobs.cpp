#include "worker/running_jobs.hpp"

namespace samovar::worker {

RunningJobs::RunningJobs(std::size_t seats) : count_(seats), seats_(std::make_unique<Seat[]>(seats)) {
    for (std::size_t i = 0; i < count_; ++i) seats_[i].reading_ = &reading_;
}

RunningJobs::Sitting::Sitting(Seat& seat, const Job& job, SteadyTime begun) : seat_(seat) {
    seat_.begun_ = begun;
    seat_.job_.store(&job, std::memory_order_release);
}

RunningJobs::Sitting::~Sitting() {
    const auto* left = seat_.job_.exchange(nullptr, std::memory_order_acq_rel);
    if (left == &being_read) const std::lock_guard read{*seat_.reading_};
}

// Keeps whoever sits there from leaving. Requires: the lock is held.
class RunningJobs::Look {
public:
    explicit Look(Seat& seat) : seat_(seat), job_(seat.job_.load(std::memory_order_relaxed)) {
        while (job_ && !seat_.job_.compare_exchange_weak(job_, &being_read, std::memory_order_acquire)) {
        }
    }
    // Who has stood up meanwhile waits for the lock.
    ~Look() {
        const void* mark = &being_read;
        if (job_) seat_.job_.compare_exchange_strong(mark, job_, std::memory_order_release);
    }
    Look(const Look&) = delete;
    Look& operator=(const Look&) = delete;

    /// nullptr: nobody sits there.
    const Job* job() const { return static_cast<const Job*>(job_); }

private:
    Seat& seat_;
    const void* job_;
};

std::vector<control::TaskInfo> RunningJobs::list(const StoreClock& clock) const {
    const auto now = clock.now();
    const auto now_steady = clock.steady();
    const std::lock_guard lock{reading_};
    std::vector<control::TaskInfo> tasks;
    for (std::size_t i = 0; i < count_; ++i) {
        const Look look{seats_[i]};
        if (!look.job()) continue;
        auto& task = tasks.emplace_back(glance(*look.job()));
        task.started = now - std::chrono::duration_cast<std::chrono::microseconds>(now_steady - seats_[i].begun_);
        task.acknowledged = !task.definition->options.acks_late;
    }
    return tasks;
}

control::TaskInfo glance(const Job& job) {
    control::TaskInfo info{.message = job.message, .definition = job.definition};
    info.message.redelivered |= job.suspect;
    return info;
}

}  // namespace samovar::worker
