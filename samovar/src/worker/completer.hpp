// The only place that acknowledges.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/signal.hpp"
#include "broker/broker.hpp"
#include "worker/job_queue.hpp"

namespace samovar::worker {

/// Collects ended reservations from all threads and sends them in batches as large as they come: while one batch
/// is under way the next one grows, and none waits to fill.
///
/// A store that cannot be reached is tried until it can: a result is never dropped for an outage. A completion
/// that the store refuses for good becomes a dead letter.
class Completer {
public:
    explicit Completer(broker::Broker& broker);

    /// Called on the event loop with the slots of a batch that the store has answered, or that was given up
    /// because this worker was taken for dead. Set before run().
    void on_released(std::function<void(const std::vector<Slot>&)> handler) { on_released_ = std::move(handler); }

    /// `slot`: what the job occupies until its completion is in the store; nullopt: it never started.
    /// A completion without a reservation is of one that is not ours to complete: it only frees the slot.
    /// Threads: any.
    void add(std::shared_ptr<Epoch> epoch, broker::Completion completion, std::optional<Slot> slot);

    /// Unstarted jobs, back to the head of their queues: they are `jobs` in the order in which they were reserved,
    /// and will be taken in that order again. Threads: any.
    void give_back(std::vector<Job> jobs);

    /// From now on, so long after each batch no other is sent; see room_for_kombu(). Threads: any.
    void leave_room(std::chrono::milliseconds room) { room_ = room; }

    /// Sends until close() or abandon().
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
    boost::asio::awaitable<void> send_and_release(Batch batch);
    boost::asio::awaitable<void> send(Batch batch);
    boost::asio::awaitable<bool> try_send(std::shared_ptr<Epoch> epoch,
                                          std::vector<broker::Completion> completions);
    boost::asio::awaitable<void> send_each(std::shared_ptr<Epoch> epoch,
                                           std::vector<broker::Completion> completions);

    broker::Broker& broker_;
    std::function<void(const std::vector<Slot>&)> on_released_ = [](const std::vector<Slot>&) {};
    std::atomic<std::chrono::milliseconds> room_{std::chrono::milliseconds{0}};
    Signal added_;
    Signal abandoned_signal_;
    Signal drained_;
    mutable std::mutex mutex_;
    Batch entries_;
    bool closed_ = false;
    bool abandoned_ = false;
};

/// How long a worker leaves the store alone after each batch of completions, so that a kombu that puts messages
/// back gets a turn: it moves one at a time, in a transaction that any change of `unacked` breaks. Zero while
/// Python workers hold nothing.
std::chrono::milliseconds room_for_kombu(const broker::Lease& lease);

}  // namespace samovar::worker
