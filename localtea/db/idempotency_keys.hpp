// Requests that must not be carried out twice, by the customer's own name for each (the header Idempotency-Key).
//
//     (nothing) --claim--> claimed --store_answer, with the work itself--> answered --24 h--> (nothing)
//                             |
//                             +--release, or its time passed: whoever comes next may claim it
//
// The answer is stored by the transaction that did the work, and only while the claim holds; so a process that
// died, or was believed dead, has either done all of it or nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include <samovar/clock.hpp>

#include "db/session.hpp"

namespace localtea::db {

/// An answer is remembered this long.
inline constexpr std::chrono::hours idempotency_lifetime{24};
/// A claim that was neither answered nor released is anybody's after this.
inline constexpr std::chrono::seconds idempotency_claim_time{30};

struct IdempotencyKey {
    std::int64_t user_id = 0;
    /// As the customer names the request.
    std::string name;
    /// Of what is asked; the same name for something else is a mistake.
    std::string digest;
};

/// What a claim found.
struct KeyClaimed {};
struct KeyRunning {};
struct KeyOfAnother {};
struct KeyAnswered {
    std::string answer;
};
using KeyState = std::variant<KeyClaimed, KeyRunning, KeyOfAnother, KeyAnswered>;

/// Claims the request for whoever bears the fresh id `claim`, until now + 30 s.
asio::awaitable<KeyState> claim_key(Session session, IdempotencyKey key, std::string claim, samovar::WallTime now);

/// False when the claim does not hold any more: then the work must be undone by ending the transaction.
asio::awaitable<bool> store_answer(Session session, IdempotencyKey key, std::string claim, std::string answer);

/// Gives up a claim that was not answered. Harmless when it was.
asio::awaitable<void> release_key(Session session, IdempotencyKey key, std::string claim);

/// Removes what is older than its lifetime, `limit` at most; returns how many.
asio::awaitable<std::int64_t> forget_keys(Session session, samovar::WallTime now, std::int64_t limit);

}  // namespace localtea::db
