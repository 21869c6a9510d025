// Links that are mailed on request to whoever knows an address.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "domain/token.hpp"
#include "domain/user.hpp"
#include "services/outbox.hpp"

namespace localtea::services {

namespace asio = boost::asio;

struct LinkRequest {
    /// In normal form; perhaps nobody's.
    std::string email;
    domain::TokenPurpose purpose = domain::TokenPurpose::confirm_email;
    std::chrono::seconds lifetime{};
    /// Whether this account is to get one.
    std::function<bool(const domain::User&)> wanted;
    /// The mail with the token in it.
    std::function<jobs::SendEmail(const domain::Profile&, const std::string& token)> mail;
    /// X-Request-ID.
    std::string request_id;
};

/// Sends a link, or does the same work for nothing: neither an answer nor its time tells whether an address is
/// known. See docs/decisions/082-known-and-unknown.md. Errors: db::Error. Threads: any. Lifetime: what it is given
/// must outlive it.
class MailedLinks {
public:
    MailedLinks(const Outbox& outbox, db::Database& database, const samovar::Clock& clock)
        : outbox_(outbox), database_(database), clock_(clock) {}

    /// Stores a token for the account, if there is one and it is wanted, and leaves its mail in the outbox.
    asio::awaitable<void> send(LinkRequest request) const;

private:
    const Outbox& outbox_;
    db::Database& database_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
