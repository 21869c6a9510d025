// What payment providers tell, and what it does to orders.
#pragma once

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "domain/payment.hpp"
#include "services/error.hpp"
#include "services/outbox.hpp"
#include "services/payment_provider.hpp"
#include "services/webhook_signature.hpp"

namespace localtea::services {

namespace asio = boost::asio;

/// A notice as it came in.
struct RawNotice {
    /// As the path names it.
    std::string provider;
    /// X-Signature.
    std::string signature;
    std::string body;
    /// X-Request-ID.
    std::string request_id;
};

/// Errors: Error; db::Error when the database is broken.
/// Threads: any. Lifetime: what it is given must outlive it and every call.
class Payments {
public:
    /// `shop_email` is told of money that does not fit.
    Payments(std::string shop_email, db::Database& database, const PaymentProvider& provider,
             WebhookVerifier verifier, const Outbox& outbox, const samovar::Clock& clock);

    /// Verifies a notice and applies it, once however often it comes: the event and its effect are one
    /// transaction. Returns what it brought about; nothing for a repetition.
    /// Errors: Error{not_found} for an unknown provider, Error{bad_signature}, Error{refused} for a body that is
    /// not in the provider's format.
    asio::awaitable<std::optional<domain::NoticeEffect>> receive(RawNotice raw);

    /// The same for a notice that needs no signature, because it was made in this process.
    asio::awaitable<std::optional<domain::NoticeEffect>> apply(RawNotice trusted);

    /// The payment of that name. Errors: Error{not_found}.
    asio::awaitable<domain::Payment> find(std::string external_id);

private:
    asio::awaitable<std::optional<domain::NoticeEffect>> apply_in(db::Session session,
                                                                  domain::PaymentNotice notice,
                                                                  RawNotice raw) const;
    asio::awaitable<void> carry_out(db::Session session, domain::NoticeEffect effect, domain::Payment payment,
                                    std::string body) const;

    std::string shop_email_;
    db::Database& database_;
    const PaymentProvider& provider_;
    WebhookVerifier verifier_;
    const Outbox& outbox_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
