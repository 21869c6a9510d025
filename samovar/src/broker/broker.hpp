// Where tasks wait, are reserved and come to rest. The one seam between workers, clients and a store.
//
// Delivery is at least once: a message that was reserved is completed, or comes back. There is no order across
// queues. At every instant a message is in exactly one of: a queue, delayed, reserved, dead.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include <samovar/backlog.hpp>
#include <samovar/clock.hpp>

namespace samovar::broker {

/// A script blocks Redis for everybody else: it moves or lists no more than this, and what is left waits for the
/// next call.
inline constexpr std::size_t most_per_call = 500;
/// Of messages and results together, unless a single one is larger.
inline constexpr std::size_t most_bytes_per_call = std::size_t{1} << 20;

namespace asio = boost::asio;

/// A queue at one of its priority steps (0, 3, 6 or 9; 0 is served first). A list in Redis.
struct Route {
    std::string queue;
    int step = 0;
    bool operator==(const Route&) const = default;
};

/// What makes a message one of several that stand for the same thing, of which one is enough.
struct Claim {
    /// "<application>:<key>".
    std::string key;
    /// For how long, at most, the first one stands in the way of others.
    std::chrono::milliseconds life{3'600'000};
};

/// A message to be published.
struct Outgoing {
    Route route;
    /// The complete message in Celery's format.
    std::string envelope;
    /// The task's id.
    std::string id;
    /// Not before this time, by Redis's clock; nullopt: now.
    std::optional<WallTime> due;
    /// Publish only if this id was not published with `once` in the last 24 hours. Safe to repeat.
    bool once = false;
    /// Publish only if no other id has the claim.
    std::optional<Claim> unique = std::nullopt;
};

struct Published {
    /// False: its id was published `once` before, or another one has the claim.
    bool sent = true;
    /// The id that has the claim; else the message's own.
    std::string id;
};

/// A message in a worker's hands.
struct Reserved {
    /// `{incarnation}:{batch}:{n}`: the fencing token that completes it. Not the message's delivery_tag, which a
    /// restore keeps and two foreign messages may share.
    std::string id;
    std::string envelope;
    Route route;
    /// A worker died while it held this message: it has to start alone and marked (Broker::start).
    bool suspect = false;
    /// Deaths blamed on it so far.
    int deaths = 0;
    /// Identifies a suspect's message; empty for others.
    std::string fingerprint;
};

/// A message that went to the dead letters when it was reserved, because it cannot be handed out.
struct Refused {
    /// The task's id when one was readable, else empty.
    std::string task_id;
    std::string task;
    std::string queue;
    std::string reason;
};

struct Reservation {
    /// The worker is no longer registered: it was taken for dead, what it held belongs to others now.
    bool lost = false;
    std::vector<Reserved> messages;
    std::vector<Refused> refused;
    /// The store's clock: what a promoter moved because it was due is due by it.
    WallTime store_time{};
};

/// What becomes of a reserved message, or a message that its end gives rise to.
struct Move {
    enum class Kind {
        /// To the end of a queue: a new message, or a rejected one.
        back,
        /// To the consuming end: given back unstarted.
        front,
        /// Waits until `due`.
        delay,
        /// To the dead letters with `reason`.
        dead,
        /// Nothing moves: the reservation's place in the limit named `id` is free, and what waits for it longest
        /// goes to the consuming end of its queue.
        leave,
        /// Nothing moves: the claim on the key in `route.queue` ends, if the task `id` has it.
        unclaim,
    };
    Kind kind = Kind::back;
    /// For `unclaim` its queue is a Claim's key.
    Route route;
    /// Empty: the reserved message itself, byte for byte.
    std::string envelope;
    std::optional<WallTime> due;
    /// The task's id; for `delay` and `dead`. The limit's name; for `leave`.
    std::string id;
    /// For `dead`.
    std::string task;
    std::string reason;
};

/// A result to store with a completion.
struct ResultWrite {
    std::string task_id;
    /// The result document in Celery's JSON.
    std::string document;
};

/// The end of one reservation: acknowledgement, result and successors as one unit.
struct Completion {
    std::string reservation;
    /// Of a suspect that is cleared by this; empty for others.
    std::string fingerprint;
    std::optional<ResultWrite> result;
    std::vector<Move> moves;
    /// Results of tasks that can never be sent any more. Stored before the rest, if the reservation stands.
    std::vector<ResultWrite> others = {};
};

enum class Completed {
    done,
    /// The reservation was gone: it had been reaped, or a repeated call had been applied before.
    gone,
};

/// A bound on what all workers together run, held to when a handler is about to start.
struct Limit {
    /// "exclusive:<application>:<task>" or "limit:<application>:<task or queue>".
    std::string name;
    /// Runs at a time; 0: any number. A place is held by a reservation and for as long as it stands, so that it
    /// is free when its worker was taken for dead.
    unsigned at_once = 0;
    /// Between one start and the next, at least; zero: none.
    std::chrono::microseconds spacing{0};
    /// What finds no place stays reserved, and the caller ends it; else it waits among the delayed.
    bool skip = false;
    bool operator==(const Limit&) const = default;
};

/// A reservation whose handler is about to start.
struct Start {
    std::string reservation;
    /// Empty: acknowledged now (early ack). Else the fingerprint of a suspect that starts alone.
    std::string suspect_fingerprint;
    /// Neither of these: only the limits are asked.
    bool unmarked = false;
    /// The task's id; with limits.
    std::string id;
    /// All have to have room, or nothing starts.
    std::vector<Limit> limits;
};

struct Started {
    enum class Answer {
        go,
        /// The reservation is gone: the handler must not start.
        gone,
        /// A limit has no room, and does not let wait.
        taken,
        /// It was moved to the delayed messages and comes back when there is room.
        waits,
    };
    Answer answer = Answer::gone;
    /// Higher for each start within the same limit `at_once`; 0: there is none.
    std::uint64_t fence = 0;
};

/// What a renewal tells.
struct Lease {
    /// Reaped: everything that was held belongs to others. Register under a new incarnation.
    bool lost = false;
    /// The store's clock at the renewal.
    WallTime store_time{};
    std::uint64_t workers = 0;
    std::uint64_t held = 0;
    /// Messages that Python workers have taken and not acknowledged, of any queue.
    std::uint64_t held_by_python = 0;
    /// This worker moves delayed messages to their queues.
    bool promotes = false;
    std::optional<WallTime> next_due;
    /// Changes when the store was restarted.
    std::string run_id;
};

/// How late the first delayed message is when whoever promotes seems to be dead.
inline constexpr std::chrono::milliseconds overdue{500};

struct Promotion {
    /// Another worker promotes, or none.
    bool lost = false;
    std::size_t moved = 0;
    std::optional<WallTime> next_due;
    WallTime store_time{};
};

/// A message that waits for its time, or for room in a limit.
struct DelayedMessage {
    /// Unique among the delayed.
    std::string member;
    WallTime due{};
    /// Where it goes then.
    Route route;
    std::string envelope;
};

struct Cancellation {
    std::string member;
    std::string task_id;
    std::optional<ResultWrite> result;
    /// Key of the Claim that ends, if the task has it; empty: none.
    std::string claim;
};

struct DelayedPage {
    std::vector<DelayedMessage> messages;
    /// To go on with; nullopt: there is no more.
    std::optional<std::size_t> next;
};

struct GivenUp {
    std::string reservation;
    std::string envelope;
};

/// What one reaping took back.
struct Reaped {
    bool lost = false;
    /// The dead worker; empty: none is dead.
    std::string incarnation;
    std::size_t put_back = 0;
    /// Were acknowledged already.
    std::size_t dropped = 0;
    bool more = false;
    /// Went to the dead letters: their worker died with them too often.
    std::vector<GivenUp> given_up;
};

struct DeadLetter {
    /// Unique among the dead letters.
    std::string member;
    /// The task's id when readable, else the same as `member`.
    std::string id;
    /// Empty when unreadable.
    std::string task;
    std::string queue;
    std::string reason;
    WallTime at{};
    std::uint64_t size = 0;
};

/// Who a worker is.
struct Identity {
    /// One start of one process; see ids.hpp.
    std::string incarnation;
    /// "name@host".
    std::string node;
    std::uint32_t pid = 0;
};

struct ReserveOptions {
    /// In the order in which they are to be served.
    std::vector<Route> routes;
    std::size_t max_messages = 1;
    /// At most this much in one call, unless a single message is larger.
    std::size_t max_bytes = most_bytes_per_call;
    /// A larger message goes to the dead letters.
    std::size_t max_message_size = std::size_t{16} << 20;
    /// One higher for each new call of an incarnation; the same number again repeats a call whose reply was lost.
    std::uint64_t batch = 1;
};

/// Errors: every call throws redis::Error (or, in memory, never) and may be repeated after a lost connection:
/// each is written so that being applied twice changes nothing.
/// Threads: calls may be made from any thread; those of one incarnation's reserve() one after another; wait() and
/// wait_for_delayed() on the broker's executor, each by one coroutine at a time.
class Broker {
public:
    virtual ~Broker() = default;

    /// Returns when the store has the message, or has another one that stands for it.
    /// Errors: redis::Error; when had_no_effect() says no, whether it was stored is unknown (never with `once`).
    virtual asio::awaitable<Published> publish(Outgoing message) = 0;
    /// Many at once, in order, in as few round trips as possible; none of them `once` or `unique`.
    virtual asio::awaitable<void> publish_many(std::vector<Outgoing> messages) = 0;

    virtual asio::awaitable<Reservation> reserve(Identity who, ReserveOptions options) = 0;
    /// From now on wait() returns when one of these receives a message; once: whoever waits again watches again.
    /// False: all of them are empty.
    virtual asio::awaitable<bool> watch(std::vector<Route> routes) = 0;
    /// Returns when a watched queue may have received something, or after `at_most`.
    virtual asio::awaitable<void> wait(std::chrono::milliseconds at_most) = 0;
    /// Makes the waits under way return.
    virtual void interrupt_wait() = 0;

    virtual asio::awaitable<std::vector<Completed>> complete(Identity who,
                                                             std::vector<Completion> completions) = 0;
    /// One answer for each.
    virtual asio::awaitable<std::vector<Started>> start(Identity who, std::vector<Start> starts) = 0;
    /// Lets in what waits for places that are free because their holders died. To be called now and then by
    /// whoever promotes; returns how many were let in.
    virtual asio::awaitable<std::size_t> let_waiting_in() = 0;

    /// Registers the worker (`first`) or renews its lease.
    virtual asio::awaitable<Lease> renew(Identity who, std::chrono::milliseconds lease, bool first) = 0;
    /// Moves what is due; with `all`, everything (the last worker leaves). One that does not promote moves it only
    /// when the first is overdue.
    virtual asio::awaitable<Promotion> promote(Identity who, std::size_t max_messages, bool all) = 0;
    /// Returns when the next due time may have become earlier, or after `at_most`.
    virtual asio::awaitable<void> wait_for_delayed(std::chrono::milliseconds at_most) = 0;
    /// From now on `handler` is called when a promoter leaves and names its successor. It is
    /// called on any thread and must not block.
    virtual asio::awaitable<void> listen_for_handover(std::function<void()> handler) = 0;

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

    /// Takes back what a dead worker held. The caller has to have earned the right to judge: see ReaperGate.
    virtual asio::awaitable<Reaped> reap(Identity who, std::size_t max_messages) = 0;
    /// Puts back what this worker still holds and takes it off the register; the last worker also moves what is
    /// delayed to the queues, since nobody would be left to do it. Repeat while `more`.
    virtual asio::awaitable<Reaped> retire(Identity who, std::size_t max_messages) = 0;
    /// Stores results of tasks that were given up, without completing anything.
    virtual asio::awaitable<void> store_results(std::vector<ResultWrite> results) = 0;
    /// Keeps kombu's sweep away from what this worker holds. Once an hour is enough.
    virtual asio::awaitable<void> touch(Identity who) = 0;
    /// Restores what Python workers left unacknowledged, by kombu's rules; returns how many.
    virtual asio::awaitable<std::size_t> restore_foreign(std::chrono::seconds visibility_timeout) = 0;

    virtual asio::awaitable<std::vector<DeadLetter>> dead_letters(std::size_t offset, std::size_t count) = 0;
    virtual asio::awaitable<std::optional<std::string>> dead_envelope(std::string member) = 0;
    virtual asio::awaitable<bool> retry_dead(std::string member, Route to) = 0;
    virtual asio::awaitable<std::size_t> drop_dead(std::vector<std::string> members) = 0;
    /// Removes those that died before `before`, most_per_call of them at most; returns how many.
    virtual asio::awaitable<std::size_t> expire_dead(WallTime before) = 0;

    /// Names the store's present process: another one after each restart.
    virtual asio::awaitable<std::string> run_id() = 0;
    /// What in the store's set-up may cost tasks, a sentence each; see store_problems().
    virtual asio::awaitable<std::vector<std::string>> store_problems() = 0;
    /// Closes the present connection and makes the next one. For watchdogs.
    virtual void reconnect() = 0;
};

}  // namespace samovar::broker
