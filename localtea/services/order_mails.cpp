#include "services/order_mails.hpp"

#include <chrono>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "domain/money_text.hpp"
#include "domain/names.hpp"
#include "services/moscow_time.hpp"

namespace localtea::services {
namespace {

using samovar::Value;

constexpr std::string_view days_by_post = "5–14";

/// Rubles as a number, for templates that compare and format: whole ones without a fraction.
Value sum(domain::Money amount) {
    const auto kopecks = amount.in_kopecks();
    if (kopecks % 100 == 0) return kopecks / 100;
    return static_cast<double>(kopecks) / 100;
}

Value customer_name(const domain::Order& order) {
    return order.contact->firstname + " " + order.contact->lastname;
}

Value one_line(const std::optional<domain::ShippingAddress>& address) {
    if (!address) return nullptr;
    return address->postal_code + ", " + address->address;
}

std::string order_link(const std::string& base_url, const domain::Order& order) {
    return fmt::format("{}/orders/{}", base_url, order.id);
}

samovar::Array mail_items(const domain::Order& order) {
    samovar::Array items;
    for (const auto& [id, line] : order.items)
        items.push_back(samovar::Object{{"name", line.title},
                                        {"variant", line.sku_info},
                                        {"quantity", line.quantity},
                                        {"price", sum(line.price)}});
    return items;
}

std::string_view explain_alert(domain::NoticeEffect effect) {
    switch (effect) {
        case domain::NoticeEffect::refund:
            return "Деньги поступили за заказ, который уже отменён. Платёж сохранён, заказ остался отменённым: "
                   "верните деньги покупателю.";
        case domain::NoticeEffect::unknown:
            return "Платёжная система сообщила о деньгах, но такого платежа у магазина нет.";
        default:
            return "Сумма или номер заказа в извещении не те, что у платежа. Заказ не отмечен оплаченным.";
    }
}

}  // namespace

jobs::SendEmail confirmation_mail(const std::string& base_url, const domain::Order& order,
                                  std::int64_t payment_id) {
    const auto subject = fmt::format("Заказ № {} принят", order.id);
    return {.email_to = order.contact->email,
            .subject = subject,
            .template_name = "order_confirmation.html",
            .environment = samovar::Object{{"customer_name", customer_name(order)},
                                           {"order_id", order.id},
                                           {"payment_id", payment_id},
                                           {"order_date", moscow_time(order.created_at)},
                                           {"items", mail_items(order)},
                                           {"subtotal", sum(order.totals.goods)},
                                           {"discount_amount", sum(order.totals.discount)},
                                           {"promo_code", nullptr},
                                           {"delivery_method", domain::to_name(order.delivery_method)},
                                           {"delivery_cost", sum(order.totals.delivery)},
                                           {"total", sum(order.totals.to_pay)},
                                           {"shipping_address", one_line(order.shipping_address)},
                                           {"order_link", order_link(base_url, order)}}};
}

jobs::SendEmail shipped_mail(const std::string& base_url, const domain::Order& order) {
    return {.email_to = order.contact->email,
            .subject = fmt::format("Заказ № {} отправлен", order.id),
            .template_name = "order_shipped.html",
            .environment = samovar::Object{
                {"customer_name", customer_name(order)},
                {"order_id", order.id},
                {"tracking_number", order.tracking_number ? Value{*order.tracking_number} : Value{}},
                {"delivery_method", domain::to_name(order.delivery_method)},
                {"shipping_address", one_line(order.shipping_address)},
                {"estimated_days", days_by_post},
                {"order_link", order_link(base_url, order)}}};
}

jobs::SendEmail payment_alert(const std::string& shop_email, const std::string& provider,
                              const domain::PaymentNotice& notice, domain::NoticeEffect effect) {
    const auto title = fmt::format("Платёж требует внимания: заказ № {}", notice.order_id);
    return {.email_to = shop_email,
            .subject = title,
            .template_name = "payment_alert.html",
            .environment = samovar::Object{{"title", title},
                                           {"explanation", explain_alert(effect)},
                                           {"provider", provider},
                                           {"payment_id", notice.external_id},
                                           {"order_id", notice.order_id},
                                           {"amount", domain::rubles(notice.amount)}}};
}

}  // namespace localtea::services
