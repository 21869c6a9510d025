// Where an application's tasks and results are kept, as its URLs say: Redis, or this process's memory.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <samovar/options.hpp>

#include "broker/broker.hpp"
#include "message/result.hpp"

namespace samovar::broker {
class RedisSession;
}
namespace samovar::redis {
class Script;
}

namespace samovar::task {

/// Results as a client sees them; see result/store.hpp for what the calls promise. Destroying them ends every call
/// under way.
class Results {
public:
    virtual ~Results() = default;
    virtual boost::asio::awaitable<std::optional<message::TaskResult>> read(std::string task_id) = 0;
    virtual boost::asio::awaitable<std::optional<message::TaskResult>> wait(std::string task_id,
                                                                            std::chrono::milliseconds timeout) = 0;
    virtual boost::asio::awaitable<bool> forget(std::string task_id) = 0;
};

struct SessionOptions {
    /// Shown by CLIENT LIST.
    std::string client_name;
    /// Lifetime: they outlive the session.
    std::vector<const redis::Script*> scripts = {};
    /// See redis::ConnectionOptions.
    std::chrono::milliseconds health_interval{2'000};
};

/// Threads: any. Lifetime: what it makes may outlive it.
class Transport {
public:
    virtual ~Transport() = default;
    /// `client_name` is shown by CLIENT LIST.
    virtual std::unique_ptr<broker::Broker> make_broker(boost::asio::any_io_executor executor,
                                                        std::string client_name) const = 0;
    virtual std::unique_ptr<Results> make_results(boost::asio::any_io_executor executor,
                                                  std::string client_name) const = 0;
    /// A connection to the broker's server; nullptr when the tasks are kept in memory.
    virtual std::unique_ptr<broker::RedisSession> make_session(boost::asio::any_io_executor executor,
                                                               SessionOptions options) const = 0;
};

/// Nothing is connected yet. Errors: ConfigurationError that names the option.
std::unique_ptr<Transport> make_transport(const AppOptions& options);

}  // namespace samovar::task
