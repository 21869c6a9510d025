// A clock that moves only when a test says so.
#pragma once

#include <atomic>

#include <samovar/clock.hpp>

namespace samovar::testing {

/// Starts at the given calendar time and a steady time of zero; `advance` moves both.
///
/// Threads: every member may be called from any thread.
class ManualClock final : public Clock {
public:
    explicit ManualClock(WallTime start = WallTime{std::chrono::days{20'000}}) : start_(start) {}

    WallTime now() const override { return start_ + step_.load() + elapsed_.load(); }
    SteadyTime steady() const override { return SteadyTime{elapsed_.load()}; }

    void advance(std::chrono::microseconds by) { elapsed_ = elapsed_.load() + by; }
    /// Moves the calendar alone, as an administrator or NTP does.
    void step_wall(std::chrono::microseconds by) { step_ = step_.load() + by; }

private:
    WallTime start_;
    std::atomic<std::chrono::microseconds> elapsed_{std::chrono::microseconds{0}};
    std::atomic<std::chrono::microseconds> step_{std::chrono::microseconds{0}};
};

}  // namespace samovar::testing
