// Carts as the storefront sees them: the bodies of /cart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>
#include <samovar/convert.hpp>
#include <web/constraints.hpp>

#include "domain/cart.hpp"

namespace localtea::api {

struct CartSkuView {
    std::int64_t id = 0;
    std::string title;
    std::int64_t weight = 0;
    /// What is paid for one unit, what it would be without the discount, and the discount.
    std::int64_t price_cents = 0;
    std::int64_t original_price_cents = 0;
    std::int64_t discount_cents = 0;
    std::optional<std::string> image;
};
BOOST_DESCRIBE_STRUCT(CartSkuView, (),
                      (id, title, weight, price_cents, original_price_cents, discount_cents, image))

struct CartItemView {
    std::int64_t id = 0;
    std::int64_t quantity = 0;
    /// To pay.
    std::int64_t total_cents = 0;
    CartSkuView sku;
};
BOOST_DESCRIBE_STRUCT(CartItemView, (), (id, quantity, total_cents, sku))

/// Promo codes are outside this version: none is ever applied.
struct CartView {
    std::int64_t id = 0;
    std::int64_t total_amount_cents = 0;
    std::int64_t discount_amount_cents = 0;
    std::int64_t promo_discount_cents = 0;
    std::optional<std::string> promo_code;
    std::int64_t final_amount_cents = 0;
    std::vector<CartItemView> items;
};
BOOST_DESCRIBE_STRUCT(CartView, (),
                      (id, total_amount_cents, discount_amount_cents, promo_discount_cents, promo_code,
                       final_amount_cents, items))

CartView view(const domain::Cart& cart);

struct GuestHeader {
    std::optional<std::string> x_session_id;
};
BOOST_DESCRIBE_STRUCT(GuestHeader, (), (x_session_id))

// 32 bits hold every quantity and leave room for adding two of them.
struct NewCartItemBody {
    std::int64_t sku_id = 0;
    std::int32_t quantity = 1;
};
BOOST_DESCRIBE_STRUCT(NewCartItemBody, (), (sku_id, quantity))
SAMOVAR_DEFAULTS(NewCartItemBody, quantity)

struct CartItemBody {
    std::int32_t quantity = 1;
};
BOOST_DESCRIBE_STRUCT(CartItemBody, (), (quantity))

}  // namespace localtea::api

template <>
struct web::Constraints<localtea::api::GuestHeader> {
    static constexpr auto list = std::tuple{
        web::field(&localtea::api::GuestHeader::x_session_id)
            .description("Of a guest. Without one, or with one that is malformed, the answer brings a new one")};
};

template <>
struct web::Constraints<localtea::api::NewCartItemBody> {
    static constexpr auto list = std::tuple{web::field(&localtea::api::NewCartItemBody::quantity).ge(1)};
};

template <>
struct web::Constraints<localtea::api::CartItemBody> {
    static constexpr auto list = std::tuple{web::field(&localtea::api::CartItemBody::quantity).ge(1)};
};
