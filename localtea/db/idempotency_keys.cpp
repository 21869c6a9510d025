#include "db/idempotency_keys.hpp"

#include <fmt/format.h>

namespace localtea::db {

asio::awaitable<KeyState> claim_key(Session session, IdempotencyKey key, std::string claim,
                                    samovar::WallTime now) {
    // An old key is as good as none; one that nobody answered may be taken over for the same request.
    const auto claimed = co_await session.exec(
        "INSERT INTO idempotency_keys (user_id, name, digest, claim, claimed_until, created_at) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id, name) DO UPDATE SET digest = excluded.digest, "
        "claim = excluded.claim, claimed_until = excluded.claimed_until, answer = NULL, "
        "created_at = excluded.created_at WHERE idempotency_keys.created_at <= $7 OR ("
        "idempotency_keys.answer IS NULL AND idempotency_keys.claimed_until <= $6 "
        "AND idempotency_keys.digest = excluded.digest)",
        key.user_id, key.name, key.digest, std::move(claim), now + idempotency_claim_time, now,
        now - idempotency_lifetime);
    if (claimed == 1) co_return KeyClaimed{};
    const Rows rows = co_await session.query(
        "SELECT digest, answer FROM idempotency_keys WHERE user_id = $1 AND name = $2", key.user_id, key.name);
    const auto row = rows.first();
    // Released between the two statements: whoever did it was running a moment ago.
    if (!row) co_return KeyRunning{};
    if (row->get<std::string>("digest") != key.digest) co_return KeyOfAnother{};
    if (auto answer = row->get<std::optional<std::string>>("answer")) co_return KeyAnswered{*std::move(answer)};
    co_return KeyRunning{};
}

asio::awaitable<bool> store_answer(Session session, IdempotencyKey key, std::string claim, std::string answer) {
    const auto stored = co_await session.exec(
        "UPDATE idempotency_keys SET answer = $4 WHERE user_id = $1 AND name = $2 AND claim = $3 AND answer IS "
        "NULL",
        key.user_id, std::move(key.name), std::move(claim), std::move(answer));
    co_return stored == 1;
}

asio::awaitable<void> release_key(Session session, IdempotencyKey key, std::string claim) {
    co_await session.exec(
        "DELETE FROM idempotency_keys WHERE user_id = $1 AND name = $2 AND claim = $3 AND answer IS NULL",
        key.user_id, std::move(key.name), std::move(claim));
}

asio::awaitable<std::int64_t> forget_keys(Session session, samovar::WallTime now, std::int64_t limit) {
    return session.exec(
        fmt::format(
            "WITH picked (picked_user, picked_name) AS MATERIALIZED ("
            "SELECT user_id, name FROM idempotency_keys WHERE created_at <= $1 ORDER BY created_at LIMIT $2{}) "
            "DELETE FROM idempotency_keys WHERE (user_id, name) IN (SELECT picked_user, picked_name FROM picked)",
            skip_locked(session.dialect())),
        now - idempotency_lifetime, limit);
}

}  // namespace localtea::db
