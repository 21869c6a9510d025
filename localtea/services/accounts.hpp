// What customers do with their accounts: use cases and their transactions.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "domain/user.hpp"
#include "services/access_token.hpp"
#include "services/error.hpp"
#include "services/password_hasher.hpp"

namespace localtea::services {

namespace asio = boost::asio;

/// A confirmation link is good for this long.
inline constexpr std::chrono::hours confirmation_lifetime{24};

struct AccountSettings {
    std::string project_name;
    /// Links in mails begin with it; no slash at the end.
    std::string api_base_url;
};

/// A person who signs up, every value in its normal form.
struct Registration {
    domain::Profile profile;
    std::string password;
    /// X-Request-ID, for the log of what the registration leads to.
    std::string request_id;
};

/// Errors: Error; db::Error when the database is broken.
/// Threads: any. Lifetime: what it is given must outlive it and every call.
class Accounts {
public:
    /// `outbox_filled` is called after each commit that left something to send; it must not block.
    Accounts(AccountSettings settings, db::Database& database, PasswordHasher& hasher, const AccessTokens& tokens,
             const samovar::Clock& clock, std::function<void()> outbox_filled);

    /// Adds the account and, in the same transaction, the mail that asks to confirm its address. Waits for neither
    /// mail nor Redis. Errors: Error{taken, overloaded}.
    asio::awaitable<domain::User> register_user(Registration registration);

    /// Confirms the address that the token was sent to; again: harmless.
    /// Errors: Error{not_found} for an unknown token or one that a newer one replaced, Error{expired}.
    asio::awaitable<void> confirm_email(std::string token);

    /// Returns an access token. An unknown address costs the same time as a wrong password.
    /// Errors: Error{unauthorized, overloaded}; Error{unconfirmed, disabled} only after the right password.
    asio::awaitable<std::string> log_in(std::string email, std::string password);

    /// The account that the access token belongs to. Errors: Error{unauthorized}.
    asio::awaitable<domain::User> authenticate(std::string access_token);

private:
    AccountSettings settings_;
    db::Database& database_;
    PasswordHasher& hasher_;
    const AccessTokens& tokens_;
    const samovar::Clock& clock_;
    std::function<void()> outbox_filled_;
};

}  // namespace localtea::services
