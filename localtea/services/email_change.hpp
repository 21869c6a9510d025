// Another e-mail address for an account.
#pragma once

#include <chrono>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "domain/user.hpp"
#include "services/account_mails.hpp"
#include "services/error.hpp"
#include "services/outbox.hpp"

namespace localtea::services {

namespace asio = boost::asio;

/// A link that confirms a new address is good for this long.
inline constexpr std::chrono::hours email_change_lifetime{24};

/// Errors: Error; db::Error when the database is broken.
/// Threads: any. Lifetime: what it is given must outlive it and every call.
class EmailChange {
public:
    EmailChange(const AccountMails& mails, const Outbox& outbox, db::Database& database,
                const samovar::Clock& clock)
        : mails_(mails), outbox_(outbox), database_(database), clock_(clock) {}

    /// Mails a link to the new address, which is in normal form, and a notice to the present one; nothing changes
    /// yet. `request_id` is X-Request-ID. Errors: Error{unchanged, taken}.
    asio::awaitable<void> request_email_change(domain::User user, std::string new_email, std::string request_id);

    /// Gives the account the address that the token was sent to; again: harmless.
    /// Errors: Error{not_found}, Error{expired}, Error{taken} when another account has it by now.
    asio::awaitable<void> confirm(std::string token);

private:
    asio::awaitable<void> apply(db::Session session, std::string digest) const;

    const AccountMails& mails_;
    const Outbox& outbox_;
    db::Database& database_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
