// Where messages wait, and where the end of a reservation leads.
#pragma once

#include <string>
#include <variant>

#include <samovar/clock.hpp>

namespace samovar::broker {

/// A queue at one of its priority steps (0, 3, 6 or 9; 0 is served first). A list in Redis.
struct Route {
    std::string queue;
    int step = 0;
    bool operator==(const Route&) const = default;
};

// The first three lead a message somewhere: `envelope`, or, where that is empty, the reserved message itself, byte
// for byte. `id` and `task` are what a dead letter says of it; empty: nobody could read them.

/// To a queue: a new message, a rejected one, or one that is given back unstarted.
struct Push {
    Route route;
    std::string envelope = {};
    /// To the consuming end.
    bool front = false;
    std::string id = {};
    std::string task = {};
};

/// It waits until `due`.
struct Delay {
    Route route;
    std::string envelope = {};
    WallTime due{};
    std::string id = {};
    std::string task = {};
};

/// To the dead letters.
struct Bury {
    /// Where it came from.
    Route route;
    std::string envelope = {};
    std::string id = {};
    std::string task = {};
    std::string reason = {};
};

/// The reservation's place in a limit is free, and what waits for it longest goes to the consuming end of its
/// queue.
struct FreePlace {
    /// Limit::name.
    std::string limit;
};

/// A claim ends, if the task has it.
struct EndClaim {
    /// Claim::key.
    std::string key;
    std::string task_id;
};

/// What the end of a reservation leads to.
using Move = std::variant<Push, Delay, Bury, FreePlace, EndClaim>;

}  // namespace samovar::broker
