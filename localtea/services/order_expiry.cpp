#include "services/order_expiry.hpp"

#include <utility>

#include "db/idempotency_keys.hpp"
#include "db/order_expiry.hpp"

namespace localtea::services {

boost::asio::awaitable<std::int64_t> OrderExpiry::cancel_expired_orders(std::stop_token stop) {
    const auto now = clock_.now();
    const auto made_before = now - options_.payment_timeout;
    std::int64_t cancelled = 0;
    for (std::int64_t batch = options_.batch; batch == options_.batch && !stop.stop_requested();
         cancelled += batch)
        batch = co_await database_.transaction([&](db::Session session) {
            return db::expire_orders(std::move(session), made_before, options_.batch, now);
        });
    for (std::int64_t batch = options_.batch; batch == options_.batch && !stop.stop_requested();)
        batch = co_await database_.transaction(
            [&](db::Session session) { return db::forget_keys(std::move(session), now, options_.batch); });
    co_return cancelled;
}

}  // namespace localtea::services
