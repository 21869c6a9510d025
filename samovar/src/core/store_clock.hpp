// Redis's clock as this process knows it.
#pragma once

#include <atomic>

#include <samovar/clock.hpp>

namespace samovar {

/// Every header time, expiry and due time goes by Redis's clock; each renewal refreshes the offset to it.
///
/// Threads: any.
class StoreClock {
public:
    explicit StoreClock(const Clock& clock) : clock_(clock) {}

    WallTime now() const { return clock_.now() + offset_.load(std::memory_order_relaxed); }
    SteadyTime steady() const { return clock_.steady(); }
    const Clock& local() const { return clock_; }

    /// `store_time` was read between `sent` and `answered` of the local calendar clock.
    void synchronise(WallTime sent, WallTime answered, WallTime store_time) {
        const auto middle = sent + (answered - sent) / 2;
        offset_.store(store_time - middle, std::memory_order_relaxed);
    }

private:
    const Clock& clock_;
    std::atomic<std::chrono::microseconds> offset_{std::chrono::microseconds{0}};
};

}  // namespace samovar
