// The outbox: tasks that a committed transaction decided on, until they are safe in Redis.
//
//     waiting --claim--> claimed --mark_pushed--> pushed --settle--> gone
//        ^                  |                        |
//        +-- 30 s passed, --+                        |
//        |   or released    |                        |
//        |                  +--put_aside--> put aside: until somebody puts it back or drops it
//        +------------ Redis is another one by now --+
//
// Every time comes from the caller's clock. Two processes' clocks meet in `claimed_until` and `pushed_at`; why
// that is safe, and what the caller must take care of, stands in docs/decisions/052-times-in-the-database.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <samovar/clock.hpp>

#include "db/session.hpp"

namespace localtea::db {

/// A claim that was neither pushed nor released is anybody's after this.
inline constexpr std::chrono::seconds outbox_claim_time{30};
/// A pushed row is kept this long, until Redis has its own copy on the disk (appendfsync everysec).
inline constexpr std::chrono::seconds outbox_settle_time{5};

/// One task to send.
struct OutboxMessage {
    /// The task's id, a UUID; unique.
    std::string id;
    std::string task;
    std::string queue;
    /// The complete task message: what is pushed, byte for byte.
    std::string payload;
    /// X-Request-ID of the request that decided it, for log lines.
    std::optional<std::string> request_id;
    samovar::WallTime created_at;

    friend bool operator==(const OutboxMessage&, const OutboxMessage&) = default;
};

/// Adds a message; it can be claimed once the transaction is committed.
/// Errors: Error{unique_violation} "outbox_pkey" for an id that is there already.
asio::awaitable<void> insert_outbox(Session session, OutboxMessage message);

/// Costs what inserting a message and storing its token cost, and leaves nothing: for callers whose answer must
/// take the same time whether there was something to send or not.
asio::awaitable<void> insert_decoy(Session session, OutboxMessage message);

/// Claims up to `limit` waiting messages, oldest first, until now + 30 s and returns them in that order. No
/// message is in two claims at a time. `claim` names this claim alone (a fresh id), for release_outbox().
asio::awaitable<std::vector<OutboxMessage>> claim_outbox(Session session, std::string claim, std::int64_t limit,
                                                         samovar::WallTime now);

/// Gives back what of the claim was not pushed, so that it need not wait for 30 s; returns how many.
asio::awaitable<std::int64_t> release_outbox(Session session, std::string claim);

/// Records that Redis has these messages, and which Redis (its run_id, asked together with the push).
asio::awaitable<void> mark_pushed(Session session, std::vector<std::string> ids, std::string run_id,
                                  samovar::WallTime now);

/// What settle_outbox() did.
struct Settled {
    std::int64_t deleted = 0;
    std::int64_t waiting_again = 0;
};

/// Decides about the messages pushed at or before `pushed_before` (now - 5 s): deletes those that went to the
/// Redis with this run_id, and makes the others wait again, because that Redis may have lost them when it stopped.
/// Requires: `run_id` was asked after `pushed_before`.
asio::awaitable<Settled> settle_outbox(Session session, std::string run_id, samovar::WallTime pushed_before);

/// A message that cannot be sent, and why.
struct Unsendable {
    std::string id;
    std::string reason;
};

/// Takes these out of everybody's way.
asio::awaitable<void> put_aside(Session session, std::vector<Unsendable> messages, samovar::WallTime now);

/// A message that was put aside, without its payload.
struct PutAside {
    std::string id;
    std::string task;
    std::string queue;
    /// Bytes of the payload.
    std::int64_t size = 0;
    std::optional<std::string> request_id;
    samovar::WallTime created_at;
    samovar::WallTime at;
    std::string reason;
};

/// Those that were put aside first come first, `limit` at most.
asio::awaitable<std::vector<PutAside>> list_put_aside(Session session, std::int64_t limit);

/// The message waits again, as if nobody had tried. False: none of that id was put aside.
asio::awaitable<bool> put_back(Session session, std::string id);

/// Deletes it. False: none of that id was put aside.
asio::awaitable<bool> drop_put_aside(Session session, std::string id);

/// No message waits, is under way, or is kept until Redis has it on the disk. What was put aside does not count.
asio::awaitable<bool> outbox_empty(Session session);

/// The messages not pushed yet.
struct Backlog {
    std::int64_t waiting = 0;
    std::optional<samovar::WallTime> oldest;
    /// Beside those: put aside.
    std::int64_t put_aside = 0;
};

asio::awaitable<Backlog> outbox_backlog(Session session);

}  // namespace localtea::db
