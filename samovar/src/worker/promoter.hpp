// Moves delayed messages to their queues when they are due.
#pragma once

#include <atomic>
#include <chrono>

#include <boost/asio/awaitable.hpp>

#include "base/signal.hpp"
#include "broker/broker.hpp"
#include "control/node.hpp"
#include "core/store_clock.hpp"
#include "worker/job.hpp"

namespace samovar::worker {

/// One worker promotes at a time. The others look whether the first message is overdue, and then move it: whoever
/// promotes seems to be dead.
///
/// Threads: on the broker's executor; stop() and promotes() from any. Lifetime: what it is given outlives it.
class Promoter {
public:
    Promoter(broker::Broker& broker, const Registration& registration, const StoreClock& clock,
             std::chrono::milliseconds lease);

    boost::asio::awaitable<void> run();
    void stop();
    /// What the last renewal said.
    void promotes(bool so);

    /// What is delayed, the earliest first, when this worker is the one that promotes it; else nothing. At most
    /// 1,000 tasks and 4 MiB. Errors: redis::Error.
    boost::asio::awaitable<control::DelayedTasks> delayed();

private:
    boost::asio::awaitable<std::chrono::milliseconds> promote();

    broker::Broker& broker_;
    const Registration& registration_;
    const StoreClock& clock_;
    const std::chrono::milliseconds lease_;
    Signal stopped_;
    bool promotes_ = false;
    std::atomic<bool> stopping_{false};
};

}  // namespace samovar::worker
