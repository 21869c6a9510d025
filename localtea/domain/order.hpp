// Orders: what they are made of, what they come to, and how they move.
//
//     awaiting_payment --> paid --> processing --+--> shipped ----------> delivered
//            |               |                   |    (russian_post)          ^
//            |               +-------------------+--> ready_for_pickup -------+
//            +--> cancelled                           (pickup)
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/describe/enum.hpp>

#include <samovar/clock.hpp>

#include "domain/delivery.hpp"
#include "domain/money.hpp"

namespace localtea::domain {

enum class OrderStatus { awaiting_payment, paid, processing, ready_for_pickup, shipped, delivered, cancelled };
BOOST_DESCRIBE_ENUM(OrderStatus, awaiting_payment, paid, processing, ready_for_pickup, shipped, delivered,
                    cancelled)

/// Whether an order that is delivered by `method` may go from one status to the other. Nothing leaves `delivered`
/// and `cancelled`.
bool may_become(OrderStatus from, OrderStatus to, DeliveryMethod method);

/// Nothing can follow.
constexpr bool is_final(OrderStatus status) {
    return status == OrderStatus::delivered || status == OrderStatus::cancelled;
}

/// Whom the order is for, every value in its normal form.
struct ContactInfo {
    std::string firstname;
    std::string lastname;
    std::optional<std::string> middlename;
    std::string phone;
    std::string email;

    friend bool operator==(const ContactInfo&, const ContactInfo&) = default;
};

/// Where the order is sent to, every value in its normal form.
struct ShippingAddress {
    std::string postal_code;
    std::string address;

    friend bool operator==(const ShippingAddress&, const ShippingAddress&) = default;
};

/// So many of one SKU, at the prices of the moment of ordering.
struct OrderLine {
    std::int64_t sku_id = 0;
    std::string title;
    /// Which of the product's SKUs: "100g".
    std::string sku_info;
    /// What one costs, the discount taken off.
    Money price;
    /// What was taken off the price of one.
    Money discount;
    std::int64_t quantity = 0;

    friend bool operator==(const OrderLine&, const OrderLine&) = default;
};

struct OrderItem {
    std::int64_t id = 0;
    OrderLine line;

    friend bool operator==(const OrderItem&, const OrderItem&) = default;
};

struct OrderTotals {
    /// The goods before discounts.
    Money goods;
    Money discount;
    Money delivery;
    /// The sum to pay, never below zero.
    Money to_pay;

    friend bool operator==(const OrderTotals&, const OrderTotals&) = default;
};

/// Errors: MoneyOverflow.
OrderTotals totals_of(std::span<const OrderLine> lines, Money delivery);

struct Order {
    std::int64_t id = 0;
    /// Nothing: the account was deleted.
    std::optional<std::int64_t> user_id;
    OrderStatus status = OrderStatus::awaiting_payment;
    OrderTotals totals;
    DeliveryMethod delivery_method = DeliveryMethod::pickup;
    std::optional<ShippingAddress> shipping_address;
    /// Nothing: the account was deleted, and the order has ended.
    std::optional<ContactInfo> contact;
    std::optional<std::string> tracking_number;
    /// Where it is paid; nothing unless it awaits payment.
    std::optional<std::string> payment_url;
    samovar::WallTime created_at;
    std::vector<OrderItem> items;

    friend bool operator==(const Order&, const Order&) = default;
};

}  // namespace localtea::domain
