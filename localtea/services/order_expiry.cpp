#include "services/order_expiry.hpp"

#include <utility>

#include "db/idempotency_keys.hpp"
#include "db/order_expiry.hpp"
#include "services/batches.hpp"

namespace localtea::services {

boost::asio::awaitable<std::int64_t> OrderExpiry::cancel_expired_orders(std::stop_token stop) {
    const auto now = clock_.now();
    const auto made_before = now - options_.payment_timeout;
    const auto size = options_.batch;
    const auto cancelled =
        co_await in_batches(&database_, size, stop, [made_before, size, now](db::Session session) {
            return db::expire_orders(std::move(session), made_before, size, now);
        });
    co_await in_batches(&database_, size, stop, [now, size](db::Session session) {
        return db::forget_keys(std::move(session), now, size);
    });
    co_return cancelled;
}

}  // namespace localtea::services
