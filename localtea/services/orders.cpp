#include "services/orders.hpp"

#include <utility>

#include "db/orders.hpp"
#include "db/payments.hpp"
#include "services/order_steps.hpp"

namespace localtea::services {
namespace {

/// Order and OrderState alike.
template <class T>
T owned(std::optional<T> order, std::int64_t user_id) {
    if (!order || order->user_id != user_id) throw Error{Errc::not_found, "Такого заказа нет."};
    return *std::move(order);
}

}  // namespace

asio::awaitable<std::vector<domain::Order>> Orders::list(std::int64_t user_id) {
    return database_.read(
        [user_id](db::Session session) { return db::list_orders_of(std::move(session), user_id); });
}

asio::awaitable<domain::Order> Orders::find(std::int64_t user_id, std::int64_t id) {
    auto order =
        co_await database_.read([id](db::Session session) { return db::find_order(std::move(session), id); });
    co_return owned(std::move(order), user_id);
}

asio::awaitable<domain::OrderStatus> Orders::status(std::int64_t user_id, std::int64_t id) {
    auto state = co_await database_.read(
        [id](db::Session session) { return db::find_order_state(std::move(session), id); });
    co_return owned(std::move(state), user_id).status;
}

asio::awaitable<domain::Order> Orders::cancel(std::int64_t user_id, std::int64_t id) {
    return database_.transaction([this, user_id, id](db::Session session) -> asio::awaitable<domain::Order> {
        const auto state = owned(co_await db::lock_order(session, id), user_id);
        if (state.status != domain::OrderStatus::awaiting_payment)
            throw Error{Errc::refused, "Отменить можно только неоплаченный заказ."};
        const auto payment = co_await db::find_payment(session, id);
        co_await cancel_unpaid(session, payment.value(), std::nullopt, clock_.now());
        co_return (co_await db::find_order(session, id)).value();
    });
}

}  // namespace localtea::services
