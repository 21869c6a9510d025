// What is in the store: how much waits, which graphs and alarms are made of, and what was put aside.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include <samovar/clock.hpp>

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

/// A message that could not be run, that killed its workers, or whose task asks for it when it fails for good.
struct DeadLetter {
    /// Unique among the dead letters.
    std::string member;
    /// The task's id when readable, else the same as `member`.
    std::string id;
    /// Empty when unreadable.
    std::string task;
    std::string queue;
    std::string reason;
    WallTime at{};
    /// Bytes of the message.
    std::uint64_t size = 0;
};

}  // namespace samovar
