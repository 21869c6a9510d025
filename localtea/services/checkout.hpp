// From a cart to an order that awaits payment.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "db/idempotency_keys.hpp"
#include "domain/order.hpp"
#include "services/error.hpp"
#include "services/outbox.hpp"
#include "services/payment_provider.hpp"

namespace localtea::services {

namespace asio = boost::asio;

/// What a customer asks for, every value in its normal form; the goods are those in his cart.
struct CheckoutRequest {
    std::int64_t user_id = 0;
    domain::ContactInfo contact;
    domain::DeliveryMethod delivery_method = domain::DeliveryMethod::pickup;
    std::optional<domain::ShippingAddress> shipping_address;
    std::optional<std::string> promo_code;
    /// X-Request-ID, for the log of what the order leads to.
    std::string request_id;
};

/// The customer's own name for a request, and the digest of all that it asks for.
struct OnceKey {
    std::string name;
    std::string digest;
};

/// Errors: Error; db::Error when the database is broken.
/// Threads: any. Lifetime: what it is given must outlive it and every call.
class Checkout {
public:
    /// Writes an order as it is answered.
    using Answer = std::function<std::string(const domain::Order&)>;

    /// `base_url`: the storefront's, for links in mails.
    Checkout(std::string base_url, db::Database& database, const PaymentProvider& provider, const Outbox& outbox,
             const samovar::Clock& clock);

    /// Makes an order of the customer's cart: in one transaction its stock is reserved, its payment opened, its
    /// confirmation put into the outbox and the cart emptied. Prices are the SKUs' of that moment.
    /// Errors: Error{closed} where nobody takes money; Error{refused} for an empty cart, a parcel without an
    /// address, a promo code; Error{not_in_stock}, which names the item.
    asio::awaitable<domain::Order> place(CheckoutRequest request);

    /// The same, and returns `answer` of the order; once for each key within 24 hours: a repetition returns the
    /// first one's answer. What was refused is forgotten, so that it can be tried again.
    /// Errors: also Error{running} while the first is under way, Error{reused_key} for a key that stands for
    /// another request.
    asio::awaitable<std::string> place_once(CheckoutRequest request, OnceKey key, Answer answer);

private:
    asio::awaitable<domain::Order> place_in(db::Session session, CheckoutRequest request) const;
    asio::awaitable<std::string> place_claimed(CheckoutRequest request, db::IdempotencyKey key, std::string claim,
                                               Answer answer);
    asio::awaitable<void> give_up(db::IdempotencyKey key, std::string claim);

    std::string base_url_;
    db::Database& database_;
    const PaymentProvider& provider_;
    const Outbox& outbox_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
