// Marks reservations just before their handlers start.
#pragma once

#include <future>
#include <mutex>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "broker/broker.hpp"
#include "core/signal.hpp"
#include "worker/job.hpp"

namespace samovar::worker {

/// An early-ack task is acknowledged, and a suspect marked as started, in the store before its handler runs: a
/// pool thread asks and waits, the event loop sends what was asked meanwhile in one round trip.
class Marker {
public:
    Marker(const boost::asio::any_io_executor& executor, broker::Broker& broker);

    /// Blocks until the store has the mark. False: the reservation is gone, the handler must not start.
    /// Threads: any but the event loop's.
    bool mark(const Job& job);

    /// The same for a coroutine on the event loop.
    boost::asio::awaitable<bool> async_mark(Job job);

    /// Sends until stopped.
    boost::asio::awaitable<void> run();
    /// Answers false from now on, to all who wait too.
    void stop();

private:
    struct Request {
        std::shared_ptr<Epoch> epoch;
        broker::Start start;
        std::promise<bool> answer;
    };

    std::vector<Request> take();
    boost::asio::awaitable<void> send(std::vector<Request> requests);
    boost::asio::awaitable<std::vector<bool>> ask(std::shared_ptr<Epoch> epoch, std::vector<broker::Start> starts);
    bool stopped();

    broker::Broker& broker_;
    Signal asked_;
    std::mutex mutex_;
    std::vector<Request> requests_;
    bool stopped_ = false;
};

}  // namespace samovar::worker
