#include "services/readiness.hpp"

#include <samovar/error.hpp>

#include "db/error.hpp"
#include "db/outbox.hpp"

namespace localtea::services {

boost::asio::awaitable<Health> Readiness::check() const {
    Health health;
    try {
        const auto backlog =
            co_await database_.read([](db::Session session) { return db::outbox_backlog(session); });
        health.outbox_waiting = backlog.waiting;
        health.outbox_put_aside = backlog.put_aside;
    } catch (const db::Error& error) {
        health.database = error.what();
    }
    try {
        health.redis_warnings = co_await app_.async_store_problems();
    } catch (const samovar::Error&) {
        health.redis = "Redis does not answer";
    }
    co_return health;
}

}  // namespace localtea::services
