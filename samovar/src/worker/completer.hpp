// The only place that acknowledges.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/signal.hpp"
#include "broker/broker.hpp"
#include "core/store_clock.hpp"
#include "redis/trouble.hpp"
#include "worker/job_queue.hpp"
#include "worker/starter.hpp"

namespace samovar::worker {

/// Collects ended reservations from all threads and sends them in batches as large as they come: while batches are
/// under way the next one grows, and none waits to fill. What starts in their stead rides with them.
///
/// The slot of a handler that ran for longer than a round trip is free when the store has answered, that of a
/// shorter one when its batch is sent: should the process die, one run for each slot is repeated, and of such
/// short ones as many again for each call in flight.
///
/// A store that does not answer or says no is tried until it takes them: a result is never dropped for the store's
/// trouble. Only what a completion cannot do by its own fault (a result over the limit, a queue whose key holds
/// another type) ends it in another way: as a dead letter with FAILURE.
class Completer {
public:
    static constexpr int calls_in_flight = 2;

    /// `max_result_size` in bytes of the stored document.
    Completer(broker::Consumer& broker, JobQueue& queue, Starter& starter, const StoreClock& clock,
              std::size_t max_result_size);

    /// Called on the event loop with slots that are free. Set before run().
    void on_released(std::function<void(const std::vector<Slot>&)> handler) { on_released_ = std::move(handler); }

    /// `slot`: what the job occupies until its completion is in the store; nullopt: it never started.
    /// A completion without a reservation is of one that is not ours to complete: it only frees the slot.
    /// Threads: any.
    void add(std::shared_ptr<Epoch> epoch, broker::Completion completion, std::optional<Slot> slot);

    /// Unstarted jobs, back to the head of their queues: they are `jobs` in the order in which they were reserved,
    /// and will be taken in that order again. Threads: any.
    void give_back(std::vector<Job> jobs);

    /// Sends until close() or abandon(), one call after another. To be run so many times as calls are to be in
    /// flight.
    boost::asio::awaitable<void> run();
    /// No more will be added.
    void close();
    /// Returns when what was added before close() has been sent.
    boost::asio::awaitable<void> drained();
    /// Stop trying: what is not sent comes back to others.
    void abandon();

private:
    struct Entry {
        std::shared_ptr<Epoch> epoch;
        broker::Completion completion;
        std::optional<Slot> slot;
    };
    using Batch = std::vector<Entry>;

    Batch take();
    struct Call {
        std::shared_ptr<Epoch> epoch;
        std::vector<broker::Completion> completions;
        /// Free when it is answered.
        std::vector<Slot> slots;
        std::vector<Job> riders;
        std::uint64_t may_start = 0;
    };

    Call make_call(Batch batch);
    boost::asio::awaitable<void> send(std::shared_ptr<Call> call);
    boost::asio::awaitable<void> send_once(std::shared_ptr<Call> call);
    boost::asio::awaitable<void> send_each(std::shared_ptr<Call> call);
    void release(std::vector<Slot> slots);
    broker::Completion bounded(broker::Completion completion) const;
    bool abandoned() const;

    broker::Consumer& broker_;
    JobQueue& queue_;
    Starter& starter_;
    const StoreClock& clock_;
    const std::size_t max_result_size_;
    redis::Trouble trouble_;
    std::function<void(const std::vector<Slot>&)> on_released_ = [](const std::vector<Slot>&) {};
    Signal added_;
    Signal abandoned_signal_;
    Signal drained_;
    mutable std::mutex mutex_;
    Batch entries_;
    /// Of the last call; zero: none was answered. On the event loop.
    SteadyTime::duration round_trip_{0};
    int ended_ = 0;
    bool closed_ = false;
    bool abandoned_ = false;
};

}  // namespace samovar::worker
