// Asks the store whether handlers may start, just before they do.
#pragma once

#include <future>
#include <mutex>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/signal.hpp"
#include "broker/broker.hpp"
#include "worker/job.hpp"

namespace samovar::worker {

/// An early-ack task is acknowledged, a suspect marked as started, and a limited task admitted, in the store
/// before its handler runs: a pool thread asks and waits, the event loop sends what was asked meanwhile in one
/// round trip.
class Starter {
public:
    Starter(broker::Consumer& broker, const Clock& clock);

    /// Blocks until the store has answered. Threads: any but the event loop's.
    broker::Started mark(const Job& job);

    /// The same for a coroutine on the event loop.
    boost::asio::awaitable<broker::Started> async_mark(Job job);

    /// Sends until stopped.
    boost::asio::awaitable<void> run();
    /// Answers `gone` from now on, to all who wait too.
    void stop();

private:
    struct Request {
        std::shared_ptr<Epoch> epoch;
        broker::Start start;
        std::promise<broker::Started> answer;
    };

    std::vector<Request> take();
    boost::asio::awaitable<void> send(std::vector<Request> requests);
    boost::asio::awaitable<std::vector<broker::Started>> ask(std::shared_ptr<Epoch> epoch,
                                                             std::vector<broker::Start> starts);
    bool stopped();

    broker::Consumer& broker_;
    const Clock& clock_;
    Signal asked_;
    Signal stopped_signal_;
    std::mutex mutex_;
    std::vector<Request> requests_;
    bool stopped_ = false;
};

}  // namespace samovar::worker
