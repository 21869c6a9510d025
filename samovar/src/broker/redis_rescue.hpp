// Putting back what workers held, where none of them will come back.
#pragma once

#include <cstddef>

#include <boost/asio/awaitable.hpp>

#include "broker/redis_session.hpp"
#include "broker/values.hpp"

namespace samovar::broker {

/// See Broker. Lifetime: the session outlives it; it outlives its calls.
class RedisRescue {
public:
    explicit RedisRescue(RedisSession& session) : session_(session) {}

    asio::awaitable<Registered> registered();
    asio::awaitable<Rescued> rescue(WallTime last_renewal, std::size_t max_messages);
    /// Walks over all keys of the database.
    asio::awaitable<std::size_t> set_aside();

private:
    asio::awaitable<std::size_t> count_fields(std::vector<std::string> hashes);

    RedisSession& session_;
};

}  // namespace samovar::broker
