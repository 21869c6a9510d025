// Reservations that Python workers left behind. No I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redis/reply.hpp"

namespace samovar::broker {

/// A delivery tag and the time it was reserved at, as the server wrote it.
struct ScoredTag {
    std::string tag;
    std::string score;
};

/// Reads ZRANGEBYSCORE ... WITHSCORES: pairs in RESP3, a flat list in RESP2.
std::vector<ScoredTag> read_scored_tags(const redis::Reply& reply);

struct ForeignMessage {
    /// Empty: the routing key is the queue's name.
    std::string exchange;
    std::string routing_key;
    /// Of the queue's lists.
    int step = 0;
    /// As it was, with kombu's two marks that it is handed out again, where it has places for them.
    std::string envelope;
};

/// Reads kombu's [envelope, exchange, routing key]; nullopt when it is not that: kombu's sweep stumbles over it,
/// and over it again with every further one.
std::optional<ForeignMessage> read_foreign(std::string_view reservation);

/// The queues of a named exchange that get a message: of the members of its binding set, those with that routing
/// key. kombu takes an exchange that it did not declare for a direct one, too.
std::vector<std::string> bound_queues(const redis::Reply& members, std::string_view routing_key);

}  // namespace samovar::broker
