// Orders in the database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <samovar/clock.hpp>

#include "db/session.hpp"
#include "domain/order.hpp"

namespace localtea::db {

/// An order to be; it awaits payment.
struct NewOrder {
    std::int64_t user_id = 0;
    domain::OrderTotals totals;
    domain::DeliveryMethod delivery_method = domain::DeliveryMethod::pickup;
    std::optional<domain::ShippingAddress> shipping_address;
    domain::ContactInfo contact;
    std::vector<domain::OrderLine> lines;
};

/// Adds the order with its items and returns its id.
asio::awaitable<std::int64_t> insert_order(Session session, NewOrder order, samovar::WallTime now);

asio::awaitable<std::optional<domain::Order>> find_order(Session session, std::int64_t id);

/// The customer's orders, newest first.
asio::awaitable<std::vector<domain::Order>> list_orders_of(Session session, std::int64_t user_id);

/// Orders of that status, oldest first, `limit` at most.
asio::awaitable<std::vector<domain::Order>> list_orders_in(Session session, domain::OrderStatus status,
                                                           std::int64_t limit);

/// What decides about an order's next step.
struct OrderState {
    std::int64_t id = 0;
    std::optional<std::int64_t> user_id;
    domain::OrderStatus status = domain::OrderStatus::awaiting_payment;
    domain::DeliveryMethod delivery_method = domain::DeliveryMethod::pickup;
};

asio::awaitable<std::optional<OrderState>> find_order_state(Session session, std::int64_t id);

/// The same, and nobody else changes the order, its payment or its hold on stock until the transaction ends.
asio::awaitable<std::optional<OrderState>> lock_order(Session session, std::int64_t id);

/// A final status also forgets whom an orphaned order was for, see below. Requires: lock_order(), and that the
/// order may become so.
asio::awaitable<void> set_order_status(Session session, std::int64_t id, domain::OrderStatus status,
                                       samovar::WallTime now);

asio::awaitable<void> set_tracking_number(Session session, std::int64_t id, std::string tracking_number);

/// Those of these orders whose customer's account is gone forget whom they were for. Requires: they have ended.
asio::awaitable<void> forget_orphaned(Session session, std::vector<std::int64_t> ids);

/// Before an account is deleted: its orders that have ended forget whom they were for. Those under way do so when
/// they end.
asio::awaitable<void> forget_customer(Session session, std::int64_t user_id);

}  // namespace localtea::db
