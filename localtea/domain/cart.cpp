#include "domain/cart.hpp"

#include <algorithm>

namespace localtea::domain {

CartTotals totals(const std::vector<CartLine>& lines) {
    CartTotals sums;
    for (const CartLine& line : lines) {
        sums.total += line.price.full * line.quantity;
        sums.discount += line.price.discount * line.quantity;
        sums.to_pay += line.to_pay();
    }
    return sums;
}

QuantityVerdict judge_quantity(std::int64_t wanted, std::int64_t in_stock) {
    if (wanted > max_units_per_line) return QuantityVerdict::beyond_limit;
    return wanted > in_stock ? QuantityVerdict::beyond_stock : QuantityVerdict::allowed;
}

std::int64_t merged_quantity(std::int64_t own, std::int64_t as_guest, std::int64_t in_stock) {
    return std::max(own, std::min({own + as_guest, in_stock, max_units_per_line}));
}

}  // namespace localtea::domain
