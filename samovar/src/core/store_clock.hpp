// Redis's clock as this process knows it.
#pragma once

#include <atomic>

#include <samovar/clock.hpp>

namespace samovar {

/// Every header time, expiry and due time goes by Redis's clock. Between two renewals it runs with the steady
/// clock, so that a step of this machine's calendar expires no task and puts none off.
///
/// Threads: any.
class StoreClock {
public:
    explicit StoreClock(const Clock& clock) : clock_(clock) {}

    /// Before the first synchronise(): this machine's calendar.
    WallTime now() const {
        const auto at_steady_zero = at_steady_zero_.load(std::memory_order_relaxed);
        if (at_steady_zero == unknown) return clock_.now();
        return WallTime{at_steady_zero + since_steady_zero(clock_.steady())};
    }
    SteadyTime steady() const { return clock_.steady(); }
    const Clock& local() const { return clock_; }

    /// `store_time` was read between `sent` and `answered`.
    void synchronise(SteadyTime sent, SteadyTime answered, WallTime store_time) {
        const auto middle = sent + (answered - sent) / 2;
        at_steady_zero_.store(store_time.time_since_epoch() - since_steady_zero(middle),
                              std::memory_order_relaxed);
    }

private:
    using Microseconds = std::chrono::microseconds;
    static constexpr auto unknown = Microseconds::min();

    static Microseconds since_steady_zero(SteadyTime time) {
        return std::chrono::floor<Microseconds>(time.time_since_epoch());
    }

    const Clock& clock_;
    std::atomic<Microseconds> at_steady_zero_{unknown};
};

}  // namespace samovar
