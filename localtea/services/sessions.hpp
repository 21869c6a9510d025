// Signing in, staying signed in, signing out: use cases and their transactions.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "db/users.hpp"
#include "domain/login_session.hpp"
#include "domain/user.hpp"
#include "services/access_token.hpp"
#include "services/csrf_token.hpp"
#include "services/error.hpp"
#include "services/password_hasher.hpp"

namespace localtea::services {

namespace asio = boost::asio;

struct SessionSettings {
    /// A session ends when it was not refreshed for this long.
    std::chrono::seconds refresh_token_lifetime{};
    /// A session ends when its client's network changes, too.
    bool bind_address = false;
};

/// The program at the other end, as far as a session remembers it.
struct ClientTraits {
    /// User-Agent, as it was sent.
    std::string agent;
    /// The network of its address.
    std::string network;
};

/// What a signed-in client is given.
struct SessionTokens {
    std::int64_t user_id = 0;
    std::string access_token;
    /// For HttpOnly cookies alone.
    std::string refresh_token;
    std::string csrf_token;
    /// Of the last two.
    std::chrono::seconds lifetime{};
};

/// Who makes a call, and by which session.
struct SignedIn {
    domain::User user;
    std::string session_id;
};

/// What rides on cookies.
struct SessionProof {
    std::string refresh_token;
    std::string csrf_token;
};

/// Errors: Error; db::Error when the database is broken.
/// Threads: any. Lifetime: what it is given must outlive it and every call.
class Sessions {
public:
    Sessions(SessionSettings settings, db::Database& database, PasswordHasher& hasher, const AccessTokens& tokens,
             const CsrfTokens& csrf_tokens, const samovar::Clock& clock)
        : settings_(settings),
          database_(database),
          hasher_(hasher),
          tokens_(tokens),
          csrf_tokens_(csrf_tokens),
          clock_(clock) {}

    /// Begins a session. An unknown address costs the same time as a wrong password.
    /// Errors: Error{unauthorized, overloaded}; Error{unconfirmed, disabled} only after the right password.
    asio::awaitable<SessionTokens> log_in(std::string email, std::string password, ClientTraits client);

    /// Spends the refresh token and gives another; the CSRF token stays. See domain/login_session.hpp for spent
    /// tokens and changed clients. Errors: Error{unauthorized}, Error{forbidden} for a CSRF token of another
    /// session.
    asio::awaitable<SessionTokens> refresh(SessionProof proof, ClientTraits client);

    /// Ends the session; one that has ended already: nothing. Errors: Error{forbidden} as refresh().
    asio::awaitable<void> log_out(SessionProof proof);

    /// Whose call it is that the access token came with. Asks the database each time, so that a session that ended
    /// in any process has ended in all. Errors: Error{unauthorized}.
    asio::awaitable<SignedIn> authenticate(std::string access_token);

private:
    struct Opening;
    struct Renewal;

    Opening prepare(std::int64_t user_id, ClientTraits client) const;
    domain::RefreshToken token_record(std::string session_id, std::string_view secret,
                                      samovar::WallTime now) const;
    asio::awaitable<bool> open(db::Session session, db::Login login, std::string new_hash, Opening opening) const;
    asio::awaitable<Renewal> renew(db::Session session, std::string digest, domain::RefreshAttempt attempt,
                                   std::string new_secret) const;
    SessionTokens tokens_for(std::int64_t user_id, std::string session_id, std::string refresh_token,
                             std::string csrf_token) const;

    SessionSettings settings_;
    db::Database& database_;
    PasswordHasher& hasher_;
    const AccessTokens& tokens_;
    const CsrfTokens& csrf_tokens_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
