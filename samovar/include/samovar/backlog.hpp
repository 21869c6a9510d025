// How much work waits in the store: what graphs and alarms are made of.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace samovar {

/// Read within a moment, not at one: messages that move meanwhile may be missing, or counted twice.
struct Backlog {
    /// By queue, what waits for a worker, over all priorities.
    std::map<std::string, std::size_t> queued;
    /// What workers have in their hands: it runs, or is about to.
    std::size_t reserved = 0;
    /// What waits for its time, or for room in a limit.
    std::size_t delayed = 0;
    /// Of these, how many are due and not in their queues yet.
    std::size_t overdue = 0;
    /// How long the earliest of them has been due; zero: none is.
    std::chrono::microseconds lateness{0};
    /// Dead letters.
    std::size_t dead = 0;
};

}  // namespace samovar
