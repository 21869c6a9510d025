// Keeps a worker alive in the eyes of others.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "base/signal.hpp"
#include "broker/broker.hpp"
#include "core/store_clock.hpp"
#include "worker/job.hpp"

namespace samovar::worker {

/// Renews the lease three times in its length and names what this worker has, so that what a store that went back
/// in time holds beyond that goes back to its queues. A worker that was taken for dead goes on under a new
/// incarnation.
///
/// Threads: run() on the broker's executor, where the handlers are called; stop() from any.
/// Lifetime: what it is given outlives it.
class LeaseKeeper {
public:
    struct Handlers {
        std::function<void()> registered = [] {};
        /// The store does not let this worker in, for good: why, and the exit code to end with. run() goes on
        /// until stop() and asks no more.
        std::function<void(const std::string& why, int code)> refused = [](const std::string&, int) {};
        std::function<void(const broker::Lease&)> renewed = [](const broker::Lease&) {};
    };

    LeaseKeeper(broker::Caretaker& broker, Registration& registration, StoreClock& clock, std::string node,
                std::chrono::milliseconds lease);

    /// Before run().
    Handlers handlers;

    boost::asio::awaitable<void> run();
    void stop() { stopped_.raise(); }

private:
    std::shared_ptr<Epoch> fresh_epoch() const;
    boost::asio::awaitable<bool> renew();
    void taken_for_dead(const std::string& incarnation);

    broker::Caretaker& broker_;
    Registration& registration_;
    StoreClock& clock_;
    const std::string node_;
    const std::chrono::milliseconds lease_;
    /// What it was before it was taken for dead.
    std::string before_;
    bool first_ = true;
    bool registered_ = false;
    bool refused_ = false;
    Signal stopped_;
};

}  // namespace samovar::worker
