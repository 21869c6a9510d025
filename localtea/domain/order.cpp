#include "domain/order.hpp"

#include <algorithm>
#include <array>

namespace localtea::domain {
namespace {

struct OrderMove {
    OrderStatus from, to;
    /// Nothing: whatever the method.
    std::optional<DeliveryMethod> only;
};

using enum OrderStatus;

constexpr std::array order_moves{
    OrderMove{awaiting_payment, paid, {}},
    OrderMove{awaiting_payment, cancelled, {}},
    OrderMove{paid, processing, {}},
    OrderMove{paid, ready_for_pickup, DeliveryMethod::pickup},
    OrderMove{paid, shipped, DeliveryMethod::russian_post},
    OrderMove{processing, ready_for_pickup, DeliveryMethod::pickup},
    OrderMove{processing, shipped, DeliveryMethod::russian_post},
    OrderMove{ready_for_pickup, delivered, {}},
    OrderMove{shipped, delivered, {}},
};

}  // namespace

bool may_become(OrderStatus from, OrderStatus to, DeliveryMethod method) {
    return std::ranges::any_of(order_moves, [&](const OrderMove& move) {
        return move.from == from && move.to == to && move.only.value_or(method) == method;
    });
}

OrderTotals totals_of(std::span<const OrderLine> lines, Money delivery) {
    OrderTotals totals{.delivery = delivery};
    for (const OrderLine& line : lines) {
        totals.goods += (line.price + line.discount) * line.quantity;
        totals.discount += line.discount * line.quantity;
    }
    totals.to_pay = std::max(totals.goods - totals.discount + totals.delivery, Money{});
    return totals;
}

}  // namespace localtea::domain
