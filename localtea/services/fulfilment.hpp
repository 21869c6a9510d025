// What the shop's staff does with orders.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "domain/order.hpp"
#include "domain/payment.hpp"
#include "services/outbox.hpp"

namespace localtea::services {

namespace asio = boost::asio;

/// A step that the order's state does not allow, or an order that does not exist; what() is an English sentence
/// for the staff, who use the command line.
class StepRefused : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Errors: StepRefused; db::Error when the database is broken.
/// Threads: any. Lifetime: what it is given must outlive it and every call.
class Fulfilment {
public:
    /// `base_url`: the storefront's, for links in mails; no slash at the end.
    Fulfilment(std::string base_url, db::Database& database, const Outbox& outbox, const samovar::Clock& clock)
        : base_url_(std::move(base_url)), database_(database), outbox_(outbox), clock_(clock) {}

    /// Orders of that status, oldest first, `limit` at most.
    asio::awaitable<std::vector<domain::Order>> list(domain::OrderStatus status, std::int64_t limit);
    /// Payments that somebody has to look at.
    asio::awaitable<std::vector<domain::Payment>> list_flagged(std::int64_t limit);

    /// The parcel is on its way; in the same transaction the customer's mail goes into the outbox.
    /// `tracking_number`: Russian Post's, 14 digits or the 13 characters of an international one.
    asio::awaitable<void> ship(std::int64_t id, std::string tracking_number);
    /// It waits to be picked up.
    asio::awaitable<void> make_ready(std::int64_t id);
    /// The customer has it.
    asio::awaitable<void> deliver(std::int64_t id);

private:
    asio::awaitable<void> move(db::Session session, std::int64_t id, domain::OrderStatus to) const;

    std::string base_url_;
    db::Database& database_;
    const Outbox& outbox_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
