// Sessions and their refresh tokens in the database: digests, never the tokens.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <samovar/clock.hpp>

#include "db/session.hpp"
#include "domain/login_session.hpp"

namespace localtea::db {

asio::awaitable<void> insert_login_session(Session session, domain::LoginSession login);
asio::awaitable<void> insert_refresh_token(Session session, domain::RefreshToken token);

/// The session of that refresh token, locked until the transaction ends, so that of two refreshes at once the
/// second sees what the first did. Nothing when there is none or its account was disabled.
asio::awaitable<std::optional<domain::LoginSession>> lock_login_session(Session session, std::string token_digest);

/// Spent and expired ones too.
asio::awaitable<std::optional<domain::RefreshToken>> find_refresh_token(Session session, std::string digest);

asio::awaitable<void> spend_refresh_token(Session session, std::string digest, samovar::WallTime now);
asio::awaitable<void> mark_sibling_given(Session session, std::string digest);

/// Moves the end of the session, and forgets those of its tokens that have expired.
asio::awaitable<void> extend_login_session(Session session, std::string id, samovar::WallTime expires_at,
                                           samovar::WallTime now);

/// Ends one session.
asio::awaitable<void> delete_login_session(Session session, std::string id);

/// Ends every session of the account but `except`; empty: every one. Returns how many.
asio::awaitable<std::int64_t> delete_login_sessions_of(Session session, std::int64_t user_id,
                                                       std::string except = {});

/// Removes sessions that have expired, at most `limit`; returns how many.
asio::awaitable<std::int64_t> delete_expired_login_sessions(Session session, samovar::WallTime now,
                                                            std::int64_t limit);

}  // namespace localtea::db
