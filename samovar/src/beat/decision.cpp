#include "beat/decision.hpp"

#include <algorithm>

namespace samovar::beat {
namespace {

constexpr std::chrono::microseconds instant{1};

WallTime first_from(const Schedule& schedule, WallTime due, WallTime from) {
    return from <= due ? due : schedule.next(from - instant, due);
}

}  // namespace

Decision decide(const Schedule& schedule, const BeatOptions& options, WallTime due, WallTime now,
                WallTime watched_since) {
    if (due > now) return {};
    if (due >= watched_since) return {Decision::Kind::fire, due, schedule.next(due, due)};
    const auto next = first_from(schedule, due, watched_since);
    const bool always = options.catch_up == std::chrono::milliseconds::max();
    const auto slot = always ? due : first_from(schedule, due, now - options.catch_up);
    if (slot < watched_since) return {Decision::Kind::fire, slot, next};
    return {Decision::Kind::pass, slot, next};
}

}  // namespace samovar::beat
