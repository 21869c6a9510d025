// Whether this worker may judge others dead. No I/O, no clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <samovar/clock.hpp>

namespace samovar::worker {

/// A worker whose lease ran out is dead only if it could have renewed it: while Redis was stopped, paused or slow,
/// nobody could. So the right to reap is earned by one full lease of one's own uninterrupted, promptly answered
/// renewals, and lost by a failed or slow one, a restart of Redis, or a step of its clock.
class ReaperGate {
public:
    explicit ReaperGate(std::chrono::milliseconds lease) : lease_(lease) {}

    /// A renewal was sent at `sent` and answered at `answered`, with Redis's own time.
    void renewed(SteadyTime sent, SteadyTime answered, WallTime store_time, const std::string& run_id);
    void failed() { since_.reset(); }
    bool open(SteadyTime now) const;

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

}  // namespace samovar::worker
