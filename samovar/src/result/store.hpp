// Results as a client sees them: read one, wait for one, forget one. Writing is the worker's, inside its
// completions (broker.hpp).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "message/result.hpp"
#include "redis/url.hpp"

namespace samovar::result {

namespace asio = boost::asio;

struct StoreOptions {
    redis::Endpoint endpoint;
    /// From key_prefix().
    std::string prefix;
    /// Bound on each call.
    std::chrono::milliseconds call_timeout{5'000};
    /// Shown by CLIENT LIST; the subscriber's gets "-results" appended.
    std::string client_name = "samovar";
    /// Lifetime: outlives the store.
    const Clock* clock = &system_clock();
};

/// Errors: every call throws redis::Error, and message::DecodeError for a document that is none.
/// Threads: the executor runs on one thread; calls may be made from any.
/// Lifetime: destroyed on the executor, which then ends every call under way; or stopped, and destroyed when the
/// executor has run out.
class Store {
public:
    Store(asio::any_io_executor executor, StoreOptions options);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// nullopt: nothing is known of that task.
    asio::awaitable<std::optional<message::TaskResult>> read(std::string task_id);

    /// Waits for a final state. nullopt: none was reached within `timeout` (milliseconds::max(): no bound).
    ///
    /// Subscribes, looks once, then sleeps until the result is announced. What was announced while the
    /// subscription was down is found by the look that follows each reconnect.
    asio::awaitable<std::optional<message::TaskResult>> wait(std::string task_id,
                                                             std::chrono::milliseconds timeout);

    /// True when there was a result.
    asio::awaitable<bool> forget(std::string task_id);

    /// Ends every call under way. Errors of theirs: Errc::stopped.
    void stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace samovar::result
