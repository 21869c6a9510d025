#include "db/one_time_tokens.hpp"

namespace localtea::db {

asio::awaitable<void> store_token(Session session, OneTimeToken token) {
    co_await session.exec(
        "INSERT INTO one_time_tokens (digest, purpose, user_id, address, created_at, expires_at, used_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7) "
        "ON CONFLICT (user_id, purpose) DO UPDATE SET digest = excluded.digest, address = excluded.address, "
        "created_at = excluded.created_at, expires_at = excluded.expires_at, used_at = excluded.used_at",
        std::move(token.digest), domain::to_text(token.purpose), token.user_id, std::move(token.address),
        token.created_at, token.expires_at, token.used_at);
}

asio::awaitable<std::optional<OneTimeToken>> find_token(Session session, std::string digest,
                                                        domain::TokenPurpose purpose) {
    const Rows rows = co_await session.query(
        "SELECT digest, user_id, address, created_at, expires_at, used_at FROM one_time_tokens "
        "WHERE digest = $1 AND purpose = $2",
        std::move(digest), domain::to_text(purpose));
    const auto row = rows.first();
    if (!row) co_return std::nullopt;
    co_return OneTimeToken{
        .digest = row->get<std::string>("digest"),
        .purpose = purpose,
        .user_id = row->get<std::int64_t>("user_id"),
        .address = row->get<std::string>("address"),
        .created_at = row->get<samovar::WallTime>("created_at"),
        .expires_at = row->get<samovar::WallTime>("expires_at"),
        .used_at = row->get<std::optional<samovar::WallTime>>("used_at"),
    };
}

asio::awaitable<bool> use_token(Session session, std::string digest, samovar::WallTime now) {
    const auto used = co_await session.exec(
        "UPDATE one_time_tokens SET used_at = $2 WHERE digest = $1 AND used_at IS NULL", std::move(digest), now);
    co_return used == 1;
}

asio::awaitable<void> delete_token_of(Session session, std::int64_t user_id, domain::TokenPurpose purpose) {
    co_await session.exec("DELETE FROM one_time_tokens WHERE user_id = $1 AND purpose = $2", user_id,
                          domain::to_text(purpose));
}

}  // namespace localtea::db
