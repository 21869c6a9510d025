#include "api/order_view.hpp"

#include <algorithm>
#include <stdexcept>

#include <samovar/json.hpp>

#include "api/time_text.hpp"
#include "domain/token.hpp"

namespace localtea::api {
namespace {

domain::ContactInfo contact_of(const ContactInfoBody& body) {
    return {.firstname = body.firstname,
            .lastname = body.lastname,
            .middlename = body.middlename,
            .phone = body.phone,
            .email = body.email};
}

domain::ShippingAddress address_of(const ShippingAddressBody& body) { return {body.postal_code, body.address}; }

std::vector<OrderItemView> item_views(const std::vector<domain::OrderItem>& items) {
    std::vector<OrderItemView> views;
    for (const auto& [id, line] : items)
        views.push_back({.id = id,
                         .sku_id = line.sku_id,
                         .title = line.title,
                         .sku_info = line.sku_info,
                         .price_cents = line.price.in_kopecks(),
                         .quantity = line.quantity});
    return views;
}

}  // namespace

services::CheckoutRequest checkout_request(const CheckoutBody& body, std::int64_t user_id,
                                           std::string request_id) {
    services::CheckoutRequest request{.user_id = user_id,
                                      .contact = contact_of(body.contact_info),
                                      .delivery_method = body.delivery_method,
                                      .promo_code = body.promo_code,
                                      .request_id = std::move(request_id)};
    if (body.shipping_address) request.shipping_address = address_of(*body.shipping_address);
    return request;
}

std::optional<services::OnceKey> once_key(const CheckoutHeaders& headers, const CheckoutBody& body) {
    if (!headers.idempotency_key) return std::nullopt;
    // As it was understood, so that another order of members or other spaces are the same request.
    const auto understood = samovar::convert::to_compact_json(body);
    return services::OnceKey{*headers.idempotency_key, domain::token_digest(understood)};
}

OrderView view(const domain::Order& order) {
    OrderView view{.id = order.id,
                   .status = order.status,
                   .total_amount_cents = order.totals.goods.in_kopecks(),
                   .delivery_cost_cents = order.totals.delivery.in_kopecks(),
                   .discount_amount_cents = order.totals.discount.in_kopecks(),
                   .final_amount_cents = order.totals.to_pay.in_kopecks(),
                   .delivery_method = order.delivery_method,
                   .tracking_number = order.tracking_number,
                   .created_at = time_text(order.created_at),
                   .items = item_views(order.items),
                   .payment_url = order.payment_url};
    if (const auto& to = order.shipping_address) view.shipping_address = {to->postal_code, to->address};
    if (const auto& who = order.contact)
        view.contact_info = {who->firstname, who->lastname, who->middlename, who->phone, who->email};
    return view;
}

std::string to_stored(const OrderView& order) { return samovar::convert::to_compact_json(order); }

OrderView from_stored(const std::string& text) {
    OrderView order;
    samovar::convert::Issues issues;
    if (!samovar::convert::from_value(samovar::json::parse(text), order, issues))
        throw std::logic_error("a stored answer is no order");
    return order;
}

std::optional<std::string> check_idempotency_key(const std::string& key) {
    const bool printable = std::ranges::all_of(key, [](char c) { return c >= ' ' && c <= '~'; });
    if (printable) return std::nullopt;
    return "Idempotency-Key состоит из печатных символов ASCII";
}

}  // namespace localtea::api
