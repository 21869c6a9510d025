#include "services/fulfilment.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "db/orders.hpp"
#include "db/payments.hpp"
#include "domain/enumerators.hpp"
#include "domain/names.hpp"
#include "services/order_mails.hpp"

namespace localtea::services {
namespace {

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool all_capitals(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// 14 digits, or as the Universal Postal Union numbers parcels: two letters, nine digits, two letters.
bool is_tracking_number(std::string_view text) {
    if (text.size() == 14) return all_digits(text);
    return text.size() == 13 && all_capitals(text.substr(0, 2)) && all_digits(text.substr(2, 9)) &&
           all_capitals(text.substr(11));
}

/// "shipped or cancelled"
std::string next_statuses(domain::OrderStatus from, domain::DeliveryMethod method) {
    std::vector<std::string_view> names;
    for (const auto to : domain::enumerators<domain::OrderStatus>())
        if (domain::may_become(from, to, method)) names.push_back(domain::to_name(to));
    return names.empty() ? "nothing more" : fmt::format("{}", fmt::join(names, " or "));
}

}  // namespace

asio::awaitable<std::vector<domain::Order>> Fulfilment::list(domain::OrderStatus status, std::int64_t limit) {
    return database_.read(
        [=](db::Session session) { return db::list_orders_in(std::move(session), status, limit); });
}

asio::awaitable<std::vector<domain::Payment>> Fulfilment::list_flagged(std::int64_t limit) {
    return database_.read(
        [=](db::Session session) { return db::list_flagged_payments(std::move(session), limit); });
}

asio::awaitable<void> Fulfilment::move(db::Session session, std::int64_t id, domain::OrderStatus to) const {
    const auto order = co_await db::lock_order(session, id);
    if (!order) throw StepRefused{fmt::format("there is no order {}", id)};
    if (!domain::may_become(order->status, to, order->delivery_method))
        throw StepRefused{fmt::format("order {} is {} and goes by {}: it may become {}, not {}", id,
                                      domain::to_name(order->status), domain::to_name(order->delivery_method),
                                      next_statuses(order->status, order->delivery_method), domain::to_name(to))};
    co_await db::set_order_status(std::move(session), id, to, clock_.now());
}

asio::awaitable<void> Fulfilment::ship(std::int64_t id, std::string tracking_number) {
    std::ranges::transform(tracking_number, tracking_number.begin(),
                           [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
    if (!is_tracking_number(tracking_number))
        throw StepRefused{fmt::format(
            "a tracking number is 14 digits, or two letters, nine digits and two letters, and not '{}'",
            tracking_number)};
    co_await database_.transaction([&](db::Session session) -> asio::awaitable<void> {
        co_await move(session, id, domain::OrderStatus::shipped);
        co_await db::set_tracking_number(session, id, tracking_number);
        const auto order = (co_await db::find_order(session, id)).value();
        co_await outbox_.add(session, shipped_mail(base_url_, order), "");
    });
}

asio::awaitable<void> Fulfilment::make_ready(std::int64_t id) {
    return database_.transaction([this, id](db::Session session) {
        return move(std::move(session), id, domain::OrderStatus::ready_for_pickup);
    });
}

asio::awaitable<void> Fulfilment::deliver(std::int64_t id) {
    return database_.transaction(
        [this, id](db::Session session) { return move(std::move(session), id, domain::OrderStatus::delivered); });
}

}  // namespace localtea::services
