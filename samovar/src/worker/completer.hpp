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

namespace samovar::worker {

/// Collects ended reservations from all threads and sends them in batches as large as they come: while one batch
/// is under way the next one grows, and none waits to fill.
///
/// A store that does not answer or says no is tried until it takes them: a result is never dropped for the store's
/// trouble. Only what a completion cannot do by its own fault (a result over the limit, a queue whose key holds
/// another type) ends it in another way: as a dead letter with FAILURE.
class Completer {
public:
    /// `max_result_size` in bytes of the stored document.
    Completer(broker::Consumer& broker, const StoreClock& clock, std::size_t max_result_size);

    /// Called on the event loop with the slots of a batch that the store has answered, or that was abandoned. Set
    /// before run().
    void on_released(std::function<void(const std::vector<Slot>&)> handler) { on_released_ = std::move(handler); }

    /// `slot`: what the job occupies until its completion is in the store; nullopt: it never started.
    /// A completion without a reservation is of one that is not ours to complete: it only frees the slot.
    /// Threads: any.
    void add(std::shared_ptr<Epoch> epoch, broker::Completion completion, std::optional<Slot> slot);

    /// Unstarted jobs, back to the head of their queues: they are `jobs` in the order in which they were reserved,
    /// and will be taken in that order again. Threads: any.
    void give_back(std::vector<Job> jobs);

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
    using Completions = std::vector<broker::Completion>;
    boost::asio::awaitable<void> send_until_answered(std::shared_ptr<Epoch> epoch, Completions completions);
    boost::asio::awaitable<Completions> send_once(std::shared_ptr<Epoch> epoch, Completions completions);
    boost::asio::awaitable<Completions> send_each(std::shared_ptr<Epoch> epoch, Completions completions);
    broker::Completion bounded(broker::Completion completion) const;
    bool abandoned() const;

    broker::Consumer& broker_;
    const StoreClock& clock_;
    const std::size_t max_result_size_;
    redis::Trouble trouble_;
    std::function<void(const std::vector<Slot>&)> on_released_ = [](const std::vector<Slot>&) {};
    Signal added_;
    Signal abandoned_signal_;
    Signal drained_;
    mutable std::mutex mutex_;
    Batch entries_;
    bool closed_ = false;
    bool abandoned_ = false;
};

}  // namespace samovar::worker
