// How much waits in Redis.
#pragma once

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <samovar/backlog.hpp>

#include "broker/redis_session.hpp"

namespace samovar::broker {

/// See Broker. Lifetime: the session outlives it; it outlives its calls.
class RedisBacklog {
public:
    explicit RedisBacklog(RedisSession& session) : session_(session) {}

    /// Two round trips while workers are registered, and another one when something is overdue.
    asio::awaitable<Backlog> read(std::vector<std::string> queues);

private:
    redis::Request questions(const std::vector<std::string>& queues) const;
    asio::awaitable<std::size_t> count_held(std::vector<std::string> incarnations);

    RedisSession& session_;
};

}  // namespace samovar::broker
