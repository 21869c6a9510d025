// How many messages are worth reserving now. No I/O, no clock.
#pragma once

#include <chrono>
#include <cstddef>

#include <samovar/clock.hpp>

namespace samovar::worker {

/// Reserving more than will start soon keeps work from idle workers; reserving less costs a round trip for each
/// task. The answer: what the pool will start within about 100 ms at the pace at which it finished lately.
class Demand {
public:
    explicit Demand(std::size_t concurrency) : concurrency_(concurrency) {}

    /// `count` tasks finished by `now`.
    void finished(std::size_t count, SteadyTime now);
    /// Messages to reserve with `running` tasks running and `unstarted` reserved; 0: none is needed now.
    std::size_t want(std::size_t running, std::size_t unstarted, SteadyTime now) const;

    static constexpr std::chrono::milliseconds horizon{100};

private:
    double rate(SteadyTime now) const;

    std::size_t concurrency_;
    /// Tasks a second.
    double rate_ = 0;
    SteadyTime last_{};
};

}  // namespace samovar::worker
