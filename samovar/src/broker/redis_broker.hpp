// The broker on Redis, in kombu's layout.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "broker/broker.hpp"
#include "broker/script_set.hpp"
#include "redis/url.hpp"

namespace samovar::broker {

struct RedisBrokerOptions {
    redis::Endpoint endpoint;
    /// kombu's global_keyprefix.
    std::string prefix;
    /// Where results go; on the same server they are one unit with the acknowledgement.
    redis::Endpoint result_endpoint;
    std::string result_prefix;
    /// Zero: results never expire.
    std::chrono::seconds result_expires{86'400};
    /// Bound on each call.
    std::chrono::milliseconds call_timeout{5'000};
    /// Shown by CLIENT LIST.
    std::string client_name = "samovar";
    /// Deaths of a worker that are blamed on a message before it is given up.
    int max_deaths = 3;
    /// Null: scripts(). For tests that make them fail. Lifetime: outlives the broker.
    const ScriptSet* scripts = nullptr;
};

/// Connects in the background; calls made meanwhile wait for the connection, within their timeout.
std::unique_ptr<Broker> make_redis_broker(asio::any_io_executor executor, RedisBrokerOptions options);

}  // namespace samovar::broker
