// Where tasks wait, are reserved and come to rest. The one seam between workers, clients and a store.
//
// Delivery is at least once: a message that was reserved is completed, or comes back. There is no order across
// queues. At every instant a message is in exactly one of: a queue, delayed, reserved, dead.
#pragma once

#include <functional>

#include <boost/asio/awaitable.hpp>

#include <samovar/backlog.hpp>

#include "broker/values.hpp"

namespace samovar::broker {

namespace asio = boost::asio;

/// Errors, of these four: every call throws redis::Error (or, in memory, never) and may be repeated after a lost
/// connection: each is written so that being applied twice changes nothing.
/// Threads: calls may be made from any thread; those of one incarnation's reserve() one after another; wait() and
/// wait_for_delayed() on the broker's executor, each by one coroutine at a time.
class Producer {
public:
    virtual ~Producer() = default;

    /// Returns when the store has the message, or has another one that stands for it.
    /// Errors: redis::Error; when had_no_effect() says no, whether it was stored is unknown (never with `once`).
    virtual asio::awaitable<Published> publish(Outgoing message) = 0;
    /// Many at once, in order, in as few round trips as possible; none of them `once` or `unique`.
    virtual asio::awaitable<void> publish_many(std::vector<Outgoing> messages) = 0;
};

/// What a worker does with messages.
class Consumer {
public:
    virtual ~Consumer() = default;

    virtual asio::awaitable<Reservation> reserve(Identity who, ReserveOptions options) = 0;
    /// From now on wait() returns when one of these receives a message; once: whoever waits again watches again.
    /// False: all of them are empty.
    virtual asio::awaitable<bool> watch(std::vector<Route> routes) = 0;
    /// Returns when a watched queue may have received something, or after `at_most`.
    virtual asio::awaitable<void> wait(std::chrono::milliseconds at_most) = 0;
    /// Makes the waits under way return.
    virtual void interrupt_wait() = 0;
    virtual asio::awaitable<Stepped> complete(Identity who, Step step) = 0;
    /// One answer for each.
    virtual asio::awaitable<std::vector<Started>> start(Identity who, std::vector<Start> starts) = 0;
};

/// What keeps workers registered and the store in order.
class Caretaker {
public:
    virtual ~Caretaker() = default;

    /// Registers a worker or renews its lease. One that comes late, twice, or between a reserve() and its reply
    /// puts nothing back that the worker has or is about to get.
    virtual asio::awaitable<Lease> renew(Renewal renewal) = 0;
    /// Puts back what this worker still holds and takes it off the register; the last worker also moves what is
    /// delayed to the queues, since nobody would be left to do it. Repeat while `more`.
    virtual asio::awaitable<Retired> retire(Identity who, std::size_t max_messages) = 0;
    /// Takes back what a dead worker held. Any process may; by its sight it has earned the right to judge.
    virtual asio::awaitable<Reaped> reap(Sight sight, std::size_t max_messages) = 0;
    /// The same for what a worker of the layout before this one held. Repeat while an incarnation is named.
    virtual asio::awaitable<Reaped> take_over(Sight sight, std::size_t max_messages) = 0;
    /// Moves what is due; with `all`, everything (the last worker leaves, or none is left), unless another one
    /// promotes. One that does not promote moves what is due only when the first is overdue.
    virtual asio::awaitable<Promotion> promote(Identity who, std::size_t max_messages, bool all) = 0;
    /// Returns when the next due time may have become earlier, or after `at_most`.
    virtual asio::awaitable<void> wait_for_delayed(std::chrono::milliseconds at_most) = 0;
    /// From now on `handler` is called when a promoter leaves and names its successor. It is
    /// called on any thread and must not block.
    virtual asio::awaitable<void> listen_for_handover(std::function<void()> handler) = 0;
    /// Lets in what waits for places that are free because their holders died. To be called now and then by
    /// whoever promotes; returns how many were let in.
    virtual asio::awaitable<std::size_t> let_waiting_in() = 0;
    /// Restores what Python workers left unacknowledged, by kombu's rules; returns how many.
    virtual asio::awaitable<std::size_t> restore_foreign(std::chrono::seconds visibility_timeout) = 0;
    /// Removes those that died before `before`, most_per_call of them at most; returns how many.
    virtual asio::awaitable<std::size_t> expire_dead(WallTime before) = 0;
    /// Stores results of tasks that were given up, without completing anything.
    virtual asio::awaitable<void> store_results(std::vector<ResultWrite> results) = 0;
};

/// What people ask and change.
class Administration {
public:
    virtual ~Administration() = default;

    /// What is delayed, the earliest first, from that rank on.
    virtual asio::awaitable<DelayedPage> delayed(std::size_t rank, std::size_t count) = 0;
    /// The delayed messages of that task: one, but for copies.
    virtual asio::awaitable<std::vector<DelayedMessage>> find_delayed(std::string task_id) = 0;
    /// Removes one and stores its result. False: it was not there any more.
    virtual asio::awaitable<bool> cancel_delayed(Cancellation cancelled) = 0;
    /// Moves one to the consuming end of its queue, as `envelope` when that is not empty. False: it was not there
    /// any more.
    virtual asio::awaitable<bool> run_delayed(std::string member, std::string envelope) = 0;
    /// How much waits: of queues, in those.
    virtual asio::awaitable<Backlog> backlog(std::vector<std::string> queues) = 0;
    virtual asio::awaitable<std::vector<DeadLetter>> dead_letters(std::size_t offset, std::size_t count) = 0;
    virtual asio::awaitable<std::optional<std::string>> dead_envelope(std::string member) = 0;
    virtual asio::awaitable<bool> retry_dead(std::string member, Route to) = 0;
    virtual asio::awaitable<std::size_t> drop_dead(std::vector<std::string> members) = 0;
    virtual asio::awaitable<Registered> registered() = 0;
    /// Where no worker will come back: puts back what one of them held, and blames nobody. Refused while one
    /// lives, or when one has renewed its lease after `last_renewal`. Repeat while `more`.
    virtual asio::awaitable<Rescued> rescue(WallTime last_renewal, std::size_t max_messages) = 0;
    /// How many messages of dead workers had been acknowledged and are kept, should those come back.
    virtual asio::awaitable<std::size_t> set_aside() = 0;
    /// Names the store's present process: another one after each restart.
    virtual asio::awaitable<std::string> run_id() = 0;
    /// What in the store's set-up may cost tasks, a sentence each; see store_problems().
    virtual asio::awaitable<std::vector<std::string>> store_problems() = 0;
};

class Broker : public Producer, public Consumer, public Caretaker, public Administration {
public:
    /// Closes the present connection and makes the next one. For watchdogs.
    virtual void reconnect() = 0;
};

}  // namespace samovar::broker
