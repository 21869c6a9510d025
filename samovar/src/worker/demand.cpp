#include "worker/demand.hpp"

#include <algorithm>
#include <cmath>

#include "broker/broker.hpp"

namespace samovar::worker {
namespace {

// A pause longer than this says more about the pace than what was measured before it.
constexpr std::chrono::duration<double> memory{0.2};

double seconds(SteadyTime::duration d) { return std::chrono::duration<double>(d).count(); }

}  // namespace

double Demand::rate(SteadyTime now) const { return rate_ * std::exp(-seconds(now - last_) / memory.count()); }

void Demand::finished(std::size_t count, SteadyTime now) {
    // An exponentially decaying count of what finished, divided by the time that it covers.
    rate_ = rate(now) + static_cast<double>(count) / memory.count();
    last_ = now;
}

std::size_t Demand::want(std::size_t running, std::size_t unstarted, SteadyTime now) const {
    const auto ahead = static_cast<std::size_t>(rate(now) * std::chrono::duration<double>(horizon).count());
    const auto idle = concurrency_ - std::min(running, concurrency_);
    const auto target = std::min(idle + ahead, broker::most_per_call);
    if (unstarted >= target) return 0;
    // With work left to start, half a batch is waited for: fewer, larger round trips.
    const auto missing = target - unstarted;
    return unstarted >= std::max<std::size_t>(idle, 1) && missing * 2 < target ? 0 : missing;
}

}  // namespace samovar::worker
