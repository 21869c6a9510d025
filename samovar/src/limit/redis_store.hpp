// Counters in Redis: one script call for a whole check.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <samovar/limits.hpp>

#include "limit/check.hpp"
#include "redis/connection.hpp"
#include "redis/script.hpp"
#include "redis/url.hpp"

namespace samovar::limits {

namespace asio = boost::asio;

struct RedisStoreOptions {
    redis::Endpoint endpoint;
    Strategy strategy = Strategy::fixed_window;
    std::chrono::milliseconds deadline{100};
    /// Stays until the store is gone. For tests, instead of script_of(strategy).
    const redis::Script* script = nullptr;
};

/// Threads: any. Lifetime: calls may outlive it, the executor's context must.
class RedisStore {
public:
    RedisStore(const asio::any_io_executor& executor, RedisStoreOptions options);

    /// Errors: redis::Error.
    asio::awaitable<Decision> check(std::vector<Counter> counters, Mode mode);
    /// Errors: redis::Error.
    asio::awaitable<void> clear(std::vector<Counter> counters);

    /// A connection is up, or it is too early to say.
    bool may_answer() const { return !*was_down_ || connection_.connected(); }
    /// A call went unanswered: what is left of the connection is of no use, and no further call waits.
    void give_up();

private:
    std::vector<std::string> keys_of(const std::vector<Counter>& counters) const;

    Strategy strategy_;
    const redis::Script& script_;
    std::chrono::milliseconds deadline_;
    /// Shared with the connection's handler, which may outlive us.
    std::shared_ptr<std::atomic<bool>> was_down_ = std::make_shared<std::atomic<bool>>(false);
    redis::Connection connection_;
};

const redis::Script& script_of(Strategy strategy);

/// Its text with `preamble` in front, so that tests can make any of its calls fail.
redis::Script make_script(Strategy strategy, std::string_view preamble);

}  // namespace samovar::limits
