#include "db/login_sessions.hpp"

#include <utility>

#include <fmt/format.h>

namespace localtea::db {
namespace {

domain::LoginSession read_login_session(const Row& row) {
    return {
        .id = row.get<std::string>("id"),
        .user_id = row.get<std::int64_t>("user_id"),
        .csrf_digest = row.get<std::string>("csrf_digest"),
        .agent_digest = row.get<std::string>("agent_digest"),
        .address = row.get<std::optional<std::string>>("address"),
        .created_at = row.get<samovar::WallTime>("created_at"),
        .expires_at = row.get<samovar::WallTime>("expires_at"),
    };
}

domain::RefreshToken read_refresh_token(const Row& row) {
    return {
        .digest = row.get<std::string>("digest"),
        .session_id = row.get<std::string>("session_id"),
        .created_at = row.get<samovar::WallTime>("created_at"),
        .expires_at = row.get<samovar::WallTime>("expires_at"),
        .spent_at = row.get<std::optional<samovar::WallTime>>("spent_at"),
        .has_sibling = row.get<bool>("has_sibling"),
    };
}

}  // namespace

asio::awaitable<void> insert_login_session(Session session, domain::LoginSession login) {
    co_await session.exec(
        "INSERT INTO sessions (id, user_id, csrf_digest, agent_digest, address, created_at, expires_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        std::move(login.id), login.user_id, std::move(login.csrf_digest), std::move(login.agent_digest),
        std::move(login.address), login.created_at, login.expires_at);
}

asio::awaitable<void> insert_refresh_token(Session session, domain::RefreshToken token) {
    co_await session.exec(
        "INSERT INTO refresh_tokens (digest, session_id, created_at, expires_at, spent_at, has_sibling) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        std::move(token.digest), std::move(token.session_id), token.created_at, token.expires_at, token.spent_at,
        token.has_sibling);
}

asio::awaitable<std::optional<domain::LoginSession>> lock_login_session(Session session,
                                                                        std::string token_digest) {
    // The token itself is read by a later statement: on PostgreSQL a joined row would be as old as the wait was
    // long.
    const Rows rows = co_await session.query(
        fmt::format("SELECT id, user_id, csrf_digest, agent_digest, address, created_at, expires_at FROM sessions "
                    "WHERE id = (SELECT session_id FROM refresh_tokens WHERE digest = $1) "
                    "AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND is_active){}",
                    row_lock(session.dialect())),
        std::move(token_digest));
    if (const auto row = rows.first()) co_return read_login_session(*row);
    co_return std::nullopt;
}

asio::awaitable<std::optional<domain::RefreshToken>> find_refresh_token(Session session, std::string digest) {
    const Rows rows = co_await session.query(
        "SELECT digest, session_id, created_at, expires_at, spent_at, has_sibling FROM refresh_tokens "
        "WHERE digest = $1",
        std::move(digest));
    if (const auto row = rows.first()) co_return read_refresh_token(*row);
    co_return std::nullopt;
}

asio::awaitable<void> spend_refresh_token(Session session, std::string digest, samovar::WallTime now) {
    co_await session.exec("UPDATE refresh_tokens SET spent_at = $2 WHERE digest = $1", std::move(digest), now);
}

asio::awaitable<void> mark_sibling_given(Session session, std::string digest) {
    co_await session.exec("UPDATE refresh_tokens SET has_sibling = TRUE WHERE digest = $1", std::move(digest));
}

asio::awaitable<void> extend_login_session(Session session, std::string id, samovar::WallTime expires_at,
                                           samovar::WallTime now) {
    co_await session.exec("UPDATE sessions SET expires_at = $2 WHERE id = $1", id, expires_at);
    co_await session.exec("DELETE FROM refresh_tokens WHERE session_id = $1 AND expires_at <= $2", std::move(id),
                          now);
}

asio::awaitable<void> delete_login_session(Session session, std::string id) {
    co_await session.exec("DELETE FROM sessions WHERE id = $1", std::move(id));
}

asio::awaitable<std::int64_t> delete_login_sessions_of(Session session, std::int64_t user_id, std::string except) {
    return session.exec("DELETE FROM sessions WHERE user_id = $1 AND id <> $2", user_id, std::move(except));
}

asio::awaitable<std::int64_t> delete_expired_login_sessions(Session session, samovar::WallTime now,
                                                            std::int64_t limit) {
    // Picked in a part of their own, as outbox rows are; what another process removes just now is left to it.
    return session.exec(fmt::format("WITH picked (picked_id) AS MATERIALIZED ("
                                    "SELECT id FROM sessions WHERE expires_at <= $1 LIMIT $2{}) "
                                    "DELETE FROM sessions WHERE id IN (SELECT picked_id FROM picked)",
                                    skip_locked(session.dialect())),
                        now, limit);
}

}  // namespace localtea::db
