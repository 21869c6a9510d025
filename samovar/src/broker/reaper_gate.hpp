// Whether a process may judge workers dead. No I/O, no clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <samovar/clock.hpp>

#include "broker/values.hpp"

namespace samovar::broker {

/// A worker whose lease ran out is dead only if it could have renewed it: while Redis was stopped, paused or slow,
/// nobody could. So the right to reap is earned by a full lease of one's own uninterrupted, promptly answered
/// calls, and lost by a failed or slow one, a restart of Redis, or a step of its clock. Whoever has a longer lease
/// is judged after as long a time; the store knows whose is.
class ReaperGate {
public:
    explicit ReaperGate(std::chrono::milliseconds lease) : lease_(lease) {}

    /// A call was sent at `sent` and answered at `answered`, with Redis's own time.
    void answered(SteadyTime sent, SteadyTime answered, WallTime store_time, const std::string& run_id);
    void failed() { since_.reset(); }
    /// What the next call may judge by.
    Sight sight(SteadyTime now) const;

private:
    bool prompt(SteadyTime sent, SteadyTime answered) const;
    bool steady_store(SteadyTime answered, WallTime store_time, const std::string& run_id) const;

    struct Seen {
        SteadyTime answered;
        WallTime store_time;
        std::string run_id;
    };
    std::chrono::milliseconds lease_;
    std::optional<SteadyTime> since_;
    std::optional<Seen> last_;
};

}  // namespace samovar::broker
