// What is said to a broker and what it answers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <samovar/backlog.hpp>
#include <samovar/clock.hpp>

#include "broker/moves.hpp"

namespace samovar::broker {

/// A script blocks Redis for everybody else: it moves or lists no more than this, and what is left waits for the
/// next call.
inline constexpr std::size_t most_per_call = 500;
/// Of messages and results together, unless a single one is larger.
inline constexpr std::size_t most_bytes_per_call = std::size_t{1} << 20;

/// Of what the store keeps under `samovar:`. A store with a higher one is refused.
inline constexpr int layout_number = 2;

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

/// Who a worker is.
struct Identity {
    /// One start of one process; see ids.hpp.
    std::string incarnation;
    /// "name@host".
    std::string node;
    std::uint32_t pid = 0;
};

/// The place of a reservation among all of its worker, in the order in which it was given out.
inline std::uint64_t place_of(std::uint64_t batch, std::uint64_t number) {
    static_assert(most_per_call < 1'000);
    return batch * 1'000 + number;
}

/// A message in a worker's hands.
struct Reserved {
    /// `{incarnation}:{batch}:{n}`: the fencing token that completes it. Not the message's delivery_tag, which a
    /// restore keeps and two foreign messages may share.
    std::string id;
    std::string envelope;
    Route route;
    /// place_of() its batch and number.
    std::uint64_t place = 0;
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
    /// Nothing happened: the key of a queue that it leads to holds another type.
    no_queue,
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
    /// Not empty: a suspect that starts alone.
    std::string suspect_fingerprint;
    /// It is acknowledged when it has ended; else now (early ack). Not for suspects.
    bool late = false;
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

/// What a worker says in one call: what ended, and what starts next.
struct Step {
    std::vector<Completion> completions;
    /// None of them with limits. They may start when this is answered.
    std::vector<Start> starts = {};
    /// From the answer on, all up to this place may start without being named. 0: no more than before.
    std::uint64_t may_start = 0;
};

/// One answer for each, in their order.
struct Stepped {
    std::vector<Completed> completed;
    std::vector<Started> started;
};

/// What a worker says when it renews its lease.
struct Renewal {
    Identity who;
    std::chrono::milliseconds lease{10'000};
    /// Registers; else the worker has to be registered.
    bool first = false;
    /// With `first`: the incarnation that the worker had until it was taken for dead; empty: none.
    std::string before = {};
    /// The last batch whose reply the worker has. 0: none, or nothing is to be put back.
    std::uint64_t last_batch = 0;
    /// Reservations of batches up to that one that the worker still has, those among them whose completion is not
    /// answered. What the store holds beyond goes back to its queue: the store has gone back in time.
    std::vector<std::string> open = {};
};

/// What a renewal tells.
struct Lease {
    /// Reaped: everything that was held belongs to others. Register under a new incarnation.
    bool lost = false;
    /// Not empty: this store is used by a Samovar that cannot work beside this one, and why. Nothing was
    /// registered.
    std::string refusal = {};
    /// The store's clock at the renewal.
    WallTime store_time{};
    std::uint64_t workers = 0;
    std::uint64_t held = 0;
    /// This worker moves delayed messages to their queues.
    bool promotes = false;
    std::optional<WallTime> next_due = std::nullopt;
    /// Messages that the worker did not know and that went back to their queues.
    std::uint64_t put_back = 0;
    /// Others that were acknowledged already: they had started, and do not run again.
    std::uint64_t dropped = 0;
    /// There are more of those: renew again.
    bool more = false;
    /// Changes when the store was restarted.
    std::string run_id = {};
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

/// What the caller has seen of the store, by which it may judge others: see ReaperGate.
struct Sight {
    /// The store's time when it last answered promptly.
    WallTime seen{};
    /// For so long that is good. A call that was under way while the store was stopped judges nobody.
    std::chrono::microseconds good_for{0};
    /// For so long it has answered without a gap. Zero: nobody is judged.
    std::chrono::milliseconds clear_for{0};
};

/// What one reaping took back.
struct Reaped {
    WallTime store_time{};
    /// Changes when the store was restarted.
    std::string run_id = {};
    /// The dead worker; empty: none is dead.
    std::string incarnation = {};
    /// Its name; empty when the store does not know it.
    std::string node = {};
    std::size_t put_back = 0;
    /// Were acknowledged already: they are kept for a day, should their worker come back.
    std::size_t set_aside = 0;
    /// Went to the dead letters: their worker died with them too often.
    std::size_t given_up = 0;
    bool more = false;
    /// Envelopes of those given up whose FAILURE is to be stored by the caller, since results are on another
    /// server.
    std::vector<std::string> unreported = {};
    /// There are reservations of the layout before this one: see take_over().
    bool old_layout = false;
    /// The store belongs to a newer release: nobody was judged.
    bool newer_layout = false;
};

/// What a leaving worker gave back.
struct Retired {
    bool lost = false;
    std::size_t put_back = 0;
    /// Were acknowledged already.
    std::size_t dropped = 0;
    bool more = false;
};

/// Workers that are on the register, dead or alive.
struct Registered {
    /// Not empty: nothing may be judged by this version, and why.
    std::string refusal = {};
    WallTime store_time{};
    /// Changes when the store was restarted.
    std::string run_id = {};
    std::size_t workers = 0;
    /// Of any of them.
    WallTime last_renewal{};
    /// Node that made it; empty when the store does not know it.
    std::string node = {};
    std::chrono::milliseconds longest_lease{0};
};

/// What one call of a rescue did.
struct Rescued {
    /// A worker lives, or has renewed its lease meanwhile: nothing was done.
    bool refused = false;
    /// Its name; empty when the store does not know it.
    std::string node = {};
    std::size_t put_back = 0;
    /// Were acknowledged already, and had started: they are kept for a day, should their worker come back.
    std::size_t set_aside = 0;
    /// Went to the dead letters: the key of their queue holds another type.
    std::size_t buried = 0;
    bool more = false;
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
    /// The first so many, and all that were reserved before, may start without being named; 0: no more than
    /// before. Only what may have started is suspected when its worker dies.
    std::size_t may_start = most_per_call;

    /// The place up to which reservations may start from the answer on; 0: no more than before.
    std::uint64_t may_start_place() const { return may_start > 0 ? place_of(batch, may_start) : 0; }
};

}  // namespace samovar::broker
