// A connection to the broker's server with what every call on it needs.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "broker/keys.hpp"
#include "broker/script_set.hpp"
#include "redis/connection.hpp"

namespace samovar::broker {

namespace asio = boost::asio;

/// Every call through it may be executed twice, so that a lost reply is answered by sending again.
/// Errors: as redis::Connection. Threads: any. Lifetime: outlives its calls.
class RedisSession {
public:
    RedisSession(const asio::any_io_executor& executor, redis::ConnectionOptions options, Keys key_names,
                 const ScriptSet& script_set, std::chrono::milliseconds call_timeout);

    asio::awaitable<redis::Reply> run(const redis::Script& script, std::vector<std::string> keys_used,
                                      std::vector<std::string> arguments);
    /// One command.
    asio::awaitable<redis::Reply> ask(redis::Request request);

    const Keys keys;
    const ScriptSet& scripts;
    const std::chrono::milliseconds timeout;
    redis::Connection connection;
};

}  // namespace samovar::broker
