// A cart: what is in it, what it costs, what may be put there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/catalogue.hpp"

namespace localtea::domain {

/// A cart is a household's, not a wholesaler's: bounds on the units of one line and on the lines.
inline constexpr std::int64_t max_units_per_line = 99;
inline constexpr std::size_t max_cart_lines = 50;

/// Whose cart it is: a customer's or, by the digest of a session id that only he has, a guest's.
struct Customer {
    std::int64_t user_id = 0;
};
struct Guest {
    std::string session_digest;
};
using CartOwner = std::variant<Customer, Guest>;

/// So many units of one SKU, at its price of now.
struct CartLine {
    std::int64_t id = 0;
    std::int64_t quantity = 0;
    std::int64_t sku_id = 0;
    std::string title;
    /// Grams.
    std::int64_t weight = 0;
    Price price;
    std::optional<std::string> image;
    /// Units that may be sold now; the line may ask for more than that.
    std::int64_t in_stock = 0;

    /// Errors: MoneyOverflow.
    Money to_pay() const { return price.to_pay() * quantity; }
};

struct Cart {
    /// 0: nothing was ever put in.
    std::int64_t id = 0;
    /// In the order in which they were put in.
    std::vector<CartLine> lines;
};

/// total - discount = to_pay.
struct CartTotals {
    Money total;
    Money discount;
    Money to_pay;

    friend bool operator==(const CartTotals&, const CartTotals&) = default;
};

/// Errors: MoneyOverflow.
CartTotals totals(const std::vector<CartLine>& lines);

/// Whether a line may have so many units.
enum class QuantityVerdict { allowed, beyond_limit, beyond_stock };
QuantityVerdict judge_quantity(std::int64_t wanted, std::int64_t in_stock);

/// The units of a SKU that a customer had in both carts when he signed in: their sum, as far as limit and stock
/// allow, but never less than he had in his own.
std::int64_t merged_quantity(std::int64_t own, std::int64_t as_guest, std::int64_t in_stock);

}  // namespace localtea::domain
