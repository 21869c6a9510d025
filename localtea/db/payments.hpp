// Payments and the notices about them, in the database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <samovar/clock.hpp>

#include "db/session.hpp"
#include "domain/payment.hpp"

namespace localtea::db {

/// A payment that a customer is asked for; pending.
struct NewPayment {
    std::int64_t order_id = 0;
    std::string provider;
    std::string external_id;
    std::string url;
    domain::Money amount;
};

/// Returns its id.
asio::awaitable<std::int64_t> insert_payment(Session session, NewPayment payment, samovar::WallTime now);

/// Under whose lock a payment changes: its order, by the provider's name for the payment.
asio::awaitable<std::optional<std::int64_t>> order_of_payment(Session session, std::string provider,
                                                              std::string external_id);

/// The order's payment. Requires, to decide by it: lock_order().
asio::awaitable<std::optional<domain::Payment>> find_payment(Session session, std::int64_t order_id);

/// Payments that somebody has to look at, oldest first, `limit` at most.
asio::awaitable<std::vector<domain::Payment>> list_flagged_payments(Session session, std::int64_t limit);

/// `response`: the notice that decided it; empty: none did. Requires: lock_order().
asio::awaitable<void> settle_payment(Session session, std::int64_t id, domain::PaymentStatus status,
                                     domain::PaymentFlag flag, std::optional<std::string> response,
                                     samovar::WallTime now);

/// A notice that was received, and what it brought about.
struct PaymentEvent {
    std::string provider;
    std::string event_id;
    std::optional<std::int64_t> payment_id;
    domain::NoticeEffect effect = domain::NoticeEffect::none;
    std::string body;
};

/// Records it; false when the provider's event of that name was recorded before, by however many at once.
asio::awaitable<bool> insert_payment_event(Session session, PaymentEvent event, samovar::WallTime now);

}  // namespace localtea::db
