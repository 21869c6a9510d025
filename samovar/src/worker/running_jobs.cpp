#include "worker/running_jobs.hpp"

namespace samovar::worker {

static_assert(alignof(Job) > 1, "the lowest bit of its address is in use");

RunningJobs::RunningJobs(std::size_t seats) : count_(seats), seats_(std::make_unique<Seat[]>(seats)) {
    for (std::size_t i = 0; i < count_; ++i) seats_[i].reading_ = &reading_;
}

RunningJobs::Sitting::Sitting(Seat& seat, const Job& job, SteadyTime begun) : seat_(seat) {
    seat_.begun_ = begun;
    seat_.job_.store(reinterpret_cast<std::uintptr_t>(&job), std::memory_order_release);
}

RunningJobs::Sitting::~Sitting() {
    const auto left = seat_.job_.exchange(0, std::memory_order_acq_rel);
    if (left & being_read) const std::lock_guard read{*seat_.reading_};
}

std::vector<control::TaskInfo> RunningJobs::list(const StoreClock& clock) const {
    const auto now = clock.now();
    const auto now_steady = clock.steady();
    const std::lock_guard lock{reading_};
    std::vector<control::TaskInfo> tasks;
    for (std::size_t i = 0; i < count_; ++i) {
        auto& seat = seats_[i];
        auto job = seat.job_.load(std::memory_order_relaxed);
        while (job != 0 && !seat.job_.compare_exchange_weak(job, job | being_read, std::memory_order_acquire)) {
        }
        if (job == 0) continue;
        auto& task = tasks.emplace_back(glance(*reinterpret_cast<const Job*>(job)));
        task.started = now - std::chrono::duration_cast<std::chrono::microseconds>(now_steady - seat.begun_);
        task.acknowledged = !task.definition->options.acks_late;
        auto read = job | being_read;
        // Fails when it has stood up meanwhile; then it waits for the lock.
        seat.job_.compare_exchange_strong(read, job, std::memory_order_release);
    }
    return tasks;
}

control::TaskInfo glance(const Job& job) {
    control::TaskInfo info{.message = job.message, .definition = job.definition};
    info.message.redelivered |= job.suspect;
    return info;
}

}  // namespace samovar::worker
