// Orders as the storefront sees them: the bodies of /orders.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>
#include <samovar/convert.hpp>
#include <web/constraints.hpp>

#include "api/user_view.hpp"
#include "domain/delivery.hpp"
#include "domain/email.hpp"
#include "domain/order.hpp"
#include "domain/profile.hpp"
#include "services/checkout.hpp"

namespace localtea::api {

struct ContactInfoBody {
    std::string firstname;
    std::string lastname;
    std::optional<std::string> middlename;
    std::string phone;
    std::string email;
};
BOOST_DESCRIBE_STRUCT(ContactInfoBody, (), (firstname, lastname, middlename, phone, email))

struct ShippingAddressBody {
    std::string postal_code;
    std::string address;
};
BOOST_DESCRIBE_STRUCT(ShippingAddressBody, (), (postal_code, address))

enum class PaymentMethod { card };
BOOST_DESCRIBE_ENUM(PaymentMethod, card)

struct CheckoutBody {
    ContactInfoBody contact_info;
    domain::DeliveryMethod delivery_method = domain::DeliveryMethod::pickup;
    std::optional<ShippingAddressBody> shipping_address;
    /// Ignored: the server computes it.
    std::int64_t delivery_cost_cents = 0;
    PaymentMethod payment_method = PaymentMethod::card;
    std::optional<std::string> promo_code;
};
BOOST_DESCRIBE_STRUCT(CheckoutBody, (),
                      (contact_info, delivery_method, shipping_address, delivery_cost_cents, payment_method,
                       promo_code))
SAMOVAR_DEFAULTS(CheckoutBody, delivery_method, delivery_cost_cents, payment_method)

/// Requires: the body has passed its constraints.
services::CheckoutRequest checkout_request(const CheckoutBody& body, std::int64_t user_id, std::string request_id);

struct CheckoutHeaders {
    std::optional<std::string> idempotency_key;
};
BOOST_DESCRIBE_STRUCT(CheckoutHeaders, (), (idempotency_key))

/// The key, if the customer gave one, with the digest of what the body asks for.
std::optional<services::OnceKey> once_key(const CheckoutHeaders& headers, const CheckoutBody& body);

struct OrderItemView {
    std::int64_t id = 0;
    std::int64_t sku_id = 0;
    std::string title;
    std::optional<std::string> sku_info;
    std::int64_t price_cents = 0;
    std::int64_t quantity = 0;
};
BOOST_DESCRIBE_STRUCT(OrderItemView, (), (id, sku_id, title, sku_info, price_cents, quantity))

struct OrderView {
    std::int64_t id = 0;
    domain::OrderStatus status = domain::OrderStatus::awaiting_payment;
    std::int64_t total_amount_cents = 0;
    std::int64_t delivery_cost_cents = 0;
    std::int64_t discount_amount_cents = 0;
    std::int64_t final_amount_cents = 0;
    std::optional<std::string> promo_code;
    domain::DeliveryMethod delivery_method = domain::DeliveryMethod::pickup;
    std::optional<std::string> tracking_number;
    std::optional<ShippingAddressBody> shipping_address;
    std::optional<ContactInfoBody> contact_info;
    std::string created_at;
    std::vector<OrderItemView> items;
    std::optional<std::string> payment_url;
};
BOOST_DESCRIBE_STRUCT(OrderView, (),
                      (id, status, total_amount_cents, delivery_cost_cents, discount_amount_cents,
                       final_amount_cents, promo_code, delivery_method, tracking_number, shipping_address,
                       contact_info, created_at, items, payment_url))

OrderView view(const domain::Order& order);

/// An answer that is kept for repetitions of its request, and back. Errors: std::logic_error for a text that is
/// none.
std::string to_stored(const OrderView& order);
OrderView from_stored(const std::string& text);

struct OrderStatusView {
    std::int64_t order_id = 0;
    domain::OrderStatus status = domain::OrderStatus::awaiting_payment;
};
BOOST_DESCRIBE_STRUCT(OrderStatusView, (), (order_id, status))

struct OrderPath {
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(OrderPath, (), (id))

/// Printable ASCII without spaces at the ends, as header fields are.
std::optional<std::string> check_idempotency_key(const std::string& key);

}  // namespace localtea::api

template <>
struct web::Constraints<localtea::api::ContactInfoBody> {
    using Body = localtea::api::ContactInfoBody;
    static constexpr auto list = std::tuple{
        web::field(&Body::firstname).normal(&localtea::api::normal<localtea::domain::normalise_name>),
        web::field(&Body::lastname).normal(&localtea::api::normal<localtea::domain::normalise_name>),
        web::field(&Body::middlename).normal(&localtea::api::normal<localtea::domain::normalise_name>),
        web::field(&Body::phone)
            .min_length(10)
            .max_length(20)
            .normal(&localtea::api::normal<localtea::domain::normalise_phone>)
            .example("+79123456789"),
        web::field(&Body::email)
            .normal(&localtea::api::normal<localtea::domain::normalise_email>)
            .example("anna@example.com"),
    };
};

template <>
struct web::Constraints<localtea::api::ShippingAddressBody> {
    using Body = localtea::api::ShippingAddressBody;
    static constexpr auto list = std::tuple{
        web::field(&Body::postal_code)
            .normal(&localtea::api::normal<localtea::domain::normalise_russian_postal_code>)
            .example("190000"),
        web::field(&Body::address)
            .min_length(1)
            .max_length(localtea::domain::max_address_characters)
            .normal(&localtea::api::normal<localtea::domain::normalise_address>),
    };
};

template <>
struct web::Constraints<localtea::api::CheckoutBody> {
    using Body = localtea::api::CheckoutBody;
    static constexpr auto list = std::tuple{
        web::field(&Body::delivery_cost_cents).description("Ignored: the server computes it"),
        web::field(&Body::promo_code).max_length(64),
    };
};

template <>
struct web::Constraints<localtea::api::CheckoutHeaders> {
    static constexpr auto list = std::tuple{
        web::field(&localtea::api::CheckoutHeaders::idempotency_key)
            .min_length(1)
            .max_length(255)
            .check(&localtea::api::check_idempotency_key)
            .description("The same key with the same body within 24 hours gets the first one's answer"),
    };
};
