#include "worker/watchdog.hpp"

namespace samovar::worker {

bool Watchdog::stuck(bool hungry, std::uint64_t answered) {
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

}  // namespace samovar::worker
