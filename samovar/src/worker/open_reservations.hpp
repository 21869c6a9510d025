// What this worker knows that it has reserved, as a renewal names it.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "broker/values.hpp"

namespace samovar::worker {

/// Of one incarnation. A reservation is open from the reply that brought it until the store has answered that it
/// ended: a renewal that does not name it has it put back, so it must never leave earlier.
///
/// Threads: any.
class OpenReservations {
public:
    struct Snapshot {
        /// The last batch whose reply has come; 0: none.
        std::uint64_t last_batch = 0;
        std::vector<std::string> open;
    };

    /// The reply to that batch has come, with these.
    void reserved(std::uint64_t batch, const std::vector<broker::Reserved>& messages) {
        const std::lock_guard lock{mutex_};
        for (const auto& message : messages) open_.insert(message.id);
        last_batch_ = batch;
    }

    void ended(const std::string& reservation) {
        const std::lock_guard lock{mutex_};
        open_.erase(reservation);
    }

    Snapshot snapshot() const {
        const std::lock_guard lock{mutex_};
        return {last_batch_, {open_.begin(), open_.end()}};
    }

private:
    mutable std::mutex mutex_;
    std::uint64_t last_batch_ = 0;
    std::unordered_set<std::string> open_;
};

}  // namespace samovar::worker
