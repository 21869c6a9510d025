#include "api/cart_view.hpp"

namespace localtea::api {
namespace {

CartItemView line_view(const domain::CartLine& line) {
    return {.id = line.id,
            .quantity = line.quantity,
            .total_cents = line.to_pay().in_kopecks(),
            .sku = {.id = line.sku_id,
                    .title = line.title,
                    .weight = line.weight,
                    .price_cents = line.price.to_pay().in_kopecks(),
                    .original_price_cents = line.price.full.in_kopecks(),
                    .discount_cents = line.price.discount.in_kopecks(),
                    .image = line.image}};
}

}  // namespace

CartView view(const domain::Cart& cart) {
    const auto sums = domain::totals(cart.lines);
    CartView shown{.id = cart.id,
                   .total_amount_cents = sums.total.in_kopecks(),
                   .discount_amount_cents = sums.discount.in_kopecks(),
                   .final_amount_cents = sums.to_pay.in_kopecks()};
    for (const auto& line : cart.lines) shown.items.push_back(line_view(line));
    return shown;
}

}  // namespace localtea::api
