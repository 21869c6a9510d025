// The broker within one process: what an App with the URL memory:// uses, for tests and for programs that need no
// Redis. The semantics are the Redis broker's, checked by the same suite; what it holds ends with the process.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <samovar/clock.hpp>

#include "broker/broker.hpp"
#include "broker/memory_state.hpp"
#include "message/result.hpp"

namespace samovar::broker {

/// Shared by all brokers and clients of one App. Threads: any.
class MemoryStore;

/// Lifetime: the clock outlives the store and all that use it.
std::shared_ptr<MemoryStore> make_memory_store(const Clock& clock);

/// A broker on the store; any number may share one.
std::unique_ptr<Broker> make_memory_broker(std::shared_ptr<MemoryStore> store, MemoryOptions options = {});

/// The store's results as a client sees them: the calls of result::Store.
///
/// Errors: redis::Error{stopped} after stop(); message::DecodeError for a document that is none.
/// Threads: the executor runs on one thread; calls may be made from any.
class MemoryResults {
public:
    MemoryResults(asio::any_io_executor executor, std::shared_ptr<MemoryStore> store);
    ~MemoryResults();
    MemoryResults(const MemoryResults&) = delete;
    MemoryResults& operator=(const MemoryResults&) = delete;

    /// nullopt: nothing is known of that task.
    asio::awaitable<std::optional<message::TaskResult>> read(std::string task_id);
    /// Waits for a final state. nullopt: none was reached within `timeout` of the store's clock
    /// (milliseconds::max(): no bound).
    asio::awaitable<std::optional<message::TaskResult>> wait(std::string task_id,
                                                             std::chrono::milliseconds timeout);
    /// True when there was a result.
    asio::awaitable<bool> forget(std::string task_id);
    /// Ends every wait under way.
    void stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

/// A look inside, for tests. Calls `look` while nothing changes.
void inspect(const MemoryStore& store, const std::function<void(const MemoryState&)>& look);

}  // namespace samovar::broker
