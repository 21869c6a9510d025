// Time, injected. Nothing else in the project reads a clock: what needs the time takes a Clock.
#pragma once

#include <chrono>

namespace samovar {

/// A moment on the calendar, UTC, microseconds. For what is stored or sent.
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;
/// A moment on a clock that never steps. For intervals, deadlines and leases.
using SteadyTime = std::chrono::steady_clock::time_point;

/// Source of both times.
///
/// Threads: implementations may be called from any thread.
/// Lifetime: a component that takes a `Clock&` keeps it; the clock must outlive it.
class Clock {
public:
    virtual ~Clock() = default;
    virtual WallTime now() const = 0;
    virtual SteadyTime steady() const = 0;
};

/// The machine's clocks. Lives until the process ends.
const Clock& system_clock();

}  // namespace samovar
