// Another password: because it was forgotten, or because its owner wants one.
#pragma once

#include <chrono>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "db/one_time_tokens.hpp"
#include "services/account_mails.hpp"
#include "services/error.hpp"
#include "services/mailed_links.hpp"
#include "services/outbox.hpp"
#include "services/password_hasher.hpp"
#include "services/sessions.hpp"

namespace localtea::services {

/// A link to choose another password is good for this long.
inline constexpr std::chrono::hours reset_lifetime{1};

/// Every change ends sessions, voids the links that were mailed before it, and mails the owner.
/// `request_id` is X-Request-ID. Errors: Error; db::Error when the database is broken.
/// Threads: any. Lifetime: what it is given must outlive it and every call.
class Passwords {
public:
    Passwords(const AccountMails& mails, const Outbox& outbox, const MailedLinks& links, db::Database& database,
              PasswordHasher& hasher, const samovar::Clock& clock)
        : mails_(mails), outbox_(outbox), links_(links), database_(database), hasher_(hasher), clock_(clock) {}

    /// Mails a link to the account of that address, which is in normal form, if there is one.
    asio::awaitable<void> forgot(std::string email, std::string request_id);

    /// Sets the password and ends all sessions. Errors: Error{not_found} for an unknown or used token, or of an
    /// address that the account no longer has; Error{expired, overloaded}.
    asio::awaitable<void> reset(std::string token, std::string new_password, std::string request_id);

    /// Sets the password and ends all sessions but the caller's.
    /// Errors: Error{wrong_password, unchanged, overloaded}.
    asio::awaitable<void> change(SignedIn who, std::string old_password, std::string new_password,
                                 std::string request_id);

private:
    struct Change;

    asio::awaitable<domain::User> require_token(db::Session session, std::string digest) const;
    asio::awaitable<void> apply(db::Session session, Change change) const;

    const AccountMails& mails_;
    const Outbox& outbox_;
    const MailedLinks& links_;
    db::Database& database_;
    PasswordHasher& hasher_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
