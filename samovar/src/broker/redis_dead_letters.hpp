// Dead letters in Redis: look, put back, remove.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "broker/broker.hpp"
#include "broker/redis_session.hpp"

namespace samovar::broker {

/// See Broker. Lifetime: the session outlives it; it outlives its calls.
class RedisDeadLetters {
public:
    explicit RedisDeadLetters(RedisSession& session) : session_(session) {}

    asio::awaitable<std::vector<DeadLetter>> list(std::size_t offset, std::size_t count);
    asio::awaitable<std::optional<std::string>> envelope(std::string member);
    asio::awaitable<bool> retry(std::string member, Route to);
    asio::awaitable<std::size_t> drop(std::vector<std::string> members);
    asio::awaitable<std::size_t> expire(WallTime before);

private:
    asio::awaitable<std::size_t> run_drop(std::vector<std::string> arguments);

    RedisSession& session_;
};

}  // namespace samovar::broker
