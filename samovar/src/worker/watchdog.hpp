// Notices a consumer that should be consuming and is not. No I/O.
#pragma once

#include <chrono>
#include <cstdint>

#include <samovar/clock.hpp>

namespace samovar::worker {

/// Judges progress, not liveness: an idle fetcher, too, gets an (empty) answer every few seconds. Asked only after
/// a lease was renewed, so that an outage of Redis, which nobody can help, is not taken for a stuck consumer.
class Watchdog {
public:
    explicit Watchdog(const Clock& clock) : clock_(clock), since_(clock.steady()) {}

    /// `hungry`: there are free slots; `answered`: reservations answered so far.
    /// True when nothing was answered for `patience` while there was room; then counts anew.
    bool stuck(bool hungry, std::uint64_t answered) {
        const auto now = clock_.steady();
        if (!hungry || answered != seen_) {
            seen_ = answered;
            since_ = now;
            return false;
        }
        if (now - since_ < patience) return false;
        since_ = now;
        return true;
    }

    static constexpr std::chrono::seconds patience{10};

private:
    const Clock& clock_;
    SteadyTime since_;
    std::uint64_t seen_ = 0;
};

}  // namespace samovar::worker
