#include "worker/room_for_kombu.hpp"

#include <algorithm>

namespace samovar::worker {
namespace {

// kombu needs two round trips. All workers together then touch `unacked` about a thousand times a second.
constexpr std::chrono::milliseconds room_for_each_worker{1};
constexpr std::chrono::milliseconds most{20};

}  // namespace

std::chrono::milliseconds room_for_kombu(const broker::Lease& lease) {
    if (lease.held_by_python == 0) return std::chrono::milliseconds{0};
    const auto workers = static_cast<std::chrono::milliseconds::rep>(lease.workers);
    return std::min(workers * room_for_each_worker, most);
}

}  // namespace samovar::worker
