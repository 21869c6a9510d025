// Asks the store whether handlers may start, just before they do.
#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/signal.hpp"
#include "broker/broker.hpp"
#include "worker/job.hpp"
#include "worker/job_queue.hpp"

namespace samovar::worker {

/// An early-ack task is acknowledged, a suspect marked as started, and a limited task admitted, in the store
/// before its handler runs: all whose turn it is in one call; or none, where they ride with a call that completes.
///
/// Threads: stop() from any; the rest on the event loop.
class Starter {
public:
    struct Handlers {
        /// Coroutines may have been let start.
        std::function<void()> let_start = [] {};
        /// That job does not start here; its slot is to be freed.
        std::function<void(Job, broker::Started::Answer)> refused = [](Job, broker::Started::Answer) {};
    };

    Starter(broker::Consumer& broker, JobQueue& queue, const Clock& clock);

    /// Set before run().
    Handlers handlers;

    /// Asks until stopped.
    boost::asio::awaitable<void> run();
    void stop();

    static std::vector<broker::Start> starts_of(const std::vector<Job>& jobs);
    /// The store has answered for them, in their order.
    void settle(std::vector<Job> jobs, const std::vector<broker::Started>& answers);

private:
    boost::asio::awaitable<void> ask(std::vector<Job> jobs);

    broker::Consumer& broker_;
    JobQueue& queue_;
    const Clock& clock_;
    Signal asked_;
    Signal stopped_;
    std::atomic<bool> stop_asked_{false};
};

}  // namespace samovar::worker
