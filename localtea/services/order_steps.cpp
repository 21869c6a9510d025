#include "services/order_steps.hpp"

#include <utility>

#include "db/orders.hpp"
#include "db/payments.hpp"
#include "db/stock.hpp"

namespace localtea::services {

db::asio::awaitable<void> cancel_unpaid(db::Session session, domain::Payment payment,
                                        std::optional<std::string> response, samovar::WallTime now) {
    co_await db::settle_payment(session, payment.id, domain::PaymentStatus::failed, payment.flag,
                                std::move(response), now);
    co_await db::set_order_status(session, payment.order_id, domain::OrderStatus::cancelled, now);
    co_await db::return_stock(std::move(session), {payment.order_id});
}

}  // namespace localtea::services
