// Puts back what Python workers left unacknowledged, as their own sweep would.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "broker/redis_session.hpp"

namespace samovar::broker {

/// A delivery tag and the time it was reserved at, as the server wrote it.
struct ScoredTag {
    std::string tag;
    std::string score;
};

/// Lifetime: the session outlives it; it outlives its calls.
class ForeignRestorer {
public:
    explicit ForeignRestorer(RedisSession& session) : session_(session) {}

    /// See Broker::restore_foreign.
    asio::awaitable<std::size_t> restore(std::chrono::seconds visibility_timeout);

private:
    asio::awaitable<std::size_t> restore_one(ScoredTag tag);
    asio::awaitable<std::vector<std::string>> lists_of(std::string exchange, std::string routing_key, int step);
    asio::awaitable<std::size_t> move(ScoredTag tag, std::string reservation, std::vector<std::string> lists,
                                      std::string envelope, std::string dead_meta);

    RedisSession& session_;
};

}  // namespace samovar::broker
