#include "services/load.hpp"

#include <samovar/error.hpp>

#include "db/outbox.hpp"

namespace localtea::services {

boost::asio::awaitable<Load> LoadMeter::measure() const {
    Load load{.hashes_waiting = hasher_.waiting(), .database = database_.usage()};
    const auto backlog = co_await database_.read([](db::Session session) { return db::outbox_backlog(session); });
    load.outbox_waiting = backlog.waiting;
    load.outbox_put_aside = backlog.put_aside;
    if (backlog.oldest) load.outbox_age = std::max(clock_.now() - *backlog.oldest, samovar::WallTime::duration{0});
    try {
        load.backlog = co_await app_.async_backlog();
    } catch (const samovar::Error&) {
        // Dropped: the backlog stays empty, and /readyz says why.
    }
    co_return load;
}

}  // namespace localtea::services
