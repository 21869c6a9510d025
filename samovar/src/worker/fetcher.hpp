// Reserves what will start soon, and gives back what does not.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/signal.hpp"
#include "broker/broker.hpp"
#include "core/store_clock.hpp"
#include "message/envelope.hpp"
#include "redis/trouble.hpp"
#include "worker/completer.hpp"
#include "worker/demand.hpp"
#include "worker/intake.hpp"
#include "worker/job.hpp"
#include "worker/job_queue.hpp"
#include "worker/runner.hpp"

namespace samovar::worker {

struct FetcherOptions {
    std::vector<broker::Route> routes;
    message::Bounds bounds;
    /// An idle fetcher looks again after this long, which also renews its watch on the queues.
    std::chrono::milliseconds rearm{3'000};
    /// What was reserved and is not started for this long, while nothing starts, goes back.
    std::chrono::milliseconds give_back_after{1'000};
};

/// Threads: run(), give_back() and finished() on the event loop; the rest from any thread.
class Fetcher {
public:
    Fetcher(FetcherOptions options, broker::Consumer& broker, JobQueue& queue, Runner& runner,
            Completer& completer, const task::Registry& registry, Registration& registration,
            const StoreClock& clock);

    /// Fetches until stop().
    boost::asio::awaitable<void> run();
    /// Watches what was reserved and does not start, until stop().
    boost::asio::awaitable<void> give_back();
    void stop();

    /// Jobs ended and their slots are free.
    void finished(std::size_t count);

    /// Reservations and watches that the store answered. For the watchdog.
    std::uint64_t answered() const { return answered_; }
    /// There are free slots that a reservation should fill.
    bool hungry() const { return hungry_; }

private:
    boost::asio::awaitable<void> fetch(std::size_t want);
    boost::asio::awaitable<void> reserve(std::size_t want);
    /// Waits until the queues may hold something.
    boost::asio::awaitable<void> watch();
    void accept(broker::Reservation reservation, const std::shared_ptr<Epoch>& epoch);
    void dismiss(const std::shared_ptr<Epoch>& epoch, Dismissed dismissed);

    const FetcherOptions options_;
    broker::Consumer& broker_;
    JobQueue& queue_;
    Runner& runner_;
    Completer& completer_;
    const task::Registry& registry_;
    Registration& registration_;
    const StoreClock& clock_;
    Signal progress_;
    Signal stopped_signal_;
    Signal reserved_;
    Demand demand_;
    redis::Trouble trouble_;
    std::shared_ptr<Epoch> epoch_;
    std::uint64_t batch_ = 0;
    bool drained_ = false;
    std::atomic<std::uint64_t> answered_{0};
    std::atomic<bool> hungry_{false};
    std::atomic<bool> stopped_{false};
};

}  // namespace samovar::worker
