// Reservations that Python workers left behind. No I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/broker.hpp"
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
    Route route;
    /// As it was, with kombu's two marks that it is handed out again.
    std::string envelope;
};

/// Reads kombu's [envelope, exchange, routing key]; nullopt when it is not that, which kombu cannot restore either.
std::optional<ForeignMessage> read_foreign(std::string_view reservation);

}  // namespace samovar::broker
