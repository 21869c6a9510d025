// What tells a waiting worker that there is something to do: pushes of the server, or a new connection.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "broker/keys.hpp"
#include "redis/connection.hpp"

namespace samovar::broker {

namespace asio = boost::asio;

/// Threads: the waits on the connection's executor, which runs on one thread at a time; the rest from any.
/// Lifetime: the connection and the keys outlive it; what the connection still tells afterwards goes nowhere.
class WakeUps {
public:
    WakeUps(redis::Connection& connection, const Keys& keys);

    /// From now on what arrives in one of these lists counts, once. False: all of them are empty.
    asio::awaitable<bool> watch(std::vector<std::string> lists, std::chrono::milliseconds call_timeout);
    /// Returns when a watched list may have received something, or after `at_most`.
    asio::awaitable<void> wait(std::chrono::milliseconds at_most);
    void interrupt();
    /// Returns when the next due time may have become earlier, or after `at_most`.
    asio::awaitable<void> wait_for_delayed(std::chrono::milliseconds at_most,
                                           std::chrono::milliseconds call_timeout);

    /// From now on `handler` is called when promotership is handed over.
    asio::awaitable<void> listen_for_handover(std::function<void()> handler,
                                              std::chrono::milliseconds call_timeout);

    /// Starts. `reconnected` is told of each loss and each return, on the connection's executor; it may outlive
    /// this.
    void listen(std::function<void()> reconnected);

private:
    struct Impl;

    redis::Connection& connection_;
    const Keys& keys_;
    bool subscribed_ = false;
    std::shared_ptr<Impl> impl_;
};

}  // namespace samovar::broker
