// How an order reaches its customer, and what that costs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/describe/enum.hpp>

#include "domain/checked.hpp"
#include "domain/money.hpp"

namespace localtea::domain {

enum class DeliveryMethod { pickup, russian_post };
BOOST_DESCRIBE_ENUM(DeliveryMethod, pickup, russian_post)

/// Goods for this much after discounts travel free of charge.
inline constexpr Money free_delivery_from = Money::kopecks(5'000'00);

/// What the customer pays for delivery. Picking up is free; a parcel has a price for its first 500 grams and one
/// for each further 500 begun. `goods`: after discounts. Errors: std::invalid_argument for a negative weight.
Money delivery_cost(DeliveryMethod method, std::int64_t grams, Money goods);

/// A Russian postal code: six digits, white space around them removed.
Checked<std::string> normalise_russian_postal_code(std::string_view text);

}  // namespace localtea::domain
