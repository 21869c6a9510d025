// New accounts: registration and the confirmation of its address, with their transactions.
#pragma once

#include <chrono>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "domain/user.hpp"
#include "services/account_mails.hpp"
#include "services/error.hpp"
#include "services/mailed_links.hpp"
#include "services/outbox.hpp"
#include "services/password_hasher.hpp"

namespace localtea::services {

namespace asio = boost::asio;

/// A confirmation link is good for this long.
inline constexpr std::chrono::hours confirmation_lifetime{24};

/// A person who signs up, every value in its normal form.
struct Registration {
    domain::Profile profile;
    std::string password;
    /// X-Request-ID, for the log of what the registration leads to.
    std::string request_id;
};

/// Errors: Error; db::Error when the database is broken.
/// Threads: any. Lifetime: what it is given must outlive it and every call.
class SignUp {
public:
    SignUp(const AccountMails& mails, const Outbox& outbox, const MailedLinks& links, db::Database& database,
           PasswordHasher& hasher, const samovar::Clock& clock)
        : mails_(mails), outbox_(outbox), links_(links), database_(database), hasher_(hasher), clock_(clock) {}

    /// Adds the account and, in the same transaction, the mail that asks to confirm its address. Waits for neither
    /// mail nor Redis. Errors: Error{taken, overloaded}.
    asio::awaitable<domain::User> register_user(Registration registration);

    /// Confirms the address that the token was sent to; again: harmless.
    /// Errors: Error{not_found} for an unknown token or one that a newer one replaced, Error{expired}.
    asio::awaitable<void> confirm_email(std::string token);

    /// Mails the link again to the account of that address, which is in normal form, if there is one to confirm.
    asio::awaitable<void> resend_confirmation(std::string email, std::string request_id);

private:
    const AccountMails& mails_;
    const Outbox& outbox_;
    const MailedLinks& links_;
    db::Database& database_;
    PasswordHasher& hasher_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
