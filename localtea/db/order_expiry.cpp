#include "db/order_expiry.hpp"

#include <vector>

#include <fmt/format.h>

#include "db/id_list.hpp"
#include "db/orders.hpp"
#include "db/stock.hpp"

namespace localtea::db {
namespace {

/// The status is looked at again once a row is locked: a payment that was committed meanwhile keeps its order.
/// Picked and updated by two statements, because PostgreSQL joins two thousand ids with all orders there ever were
/// when it is one.
asio::awaitable<std::vector<std::int64_t>> lock_expired(Session session, samovar::WallTime made_before,
                                                        std::int64_t limit) {
    const Rows rows = co_await session.query(
        fmt::format("SELECT id FROM orders WHERE status = 'awaiting_payment' AND created_at <= $1 "
                    "ORDER BY created_at, id LIMIT $2{}",
                    skip_locked(session.dialect())),
        made_before, limit);
    std::vector<std::int64_t> ids;
    for (const Row& row : rows) ids.push_back(row.get<std::int64_t>("id"));
    co_return ids;
}

}  // namespace

asio::awaitable<std::int64_t> expire_orders(Session session, samovar::WallTime made_before, std::int64_t limit,
                                            samovar::WallTime now) {
    const auto ids = co_await lock_expired(session, made_before, limit);
    if (ids.empty()) co_return 0;
    const auto dialect = session.dialect();
    const auto expired = ids_of_parameter(dialect);
    const auto list = id_list(dialect, ids);
    co_await session.exec(
        fmt::format("UPDATE orders SET status = 'cancelled', updated_at = $2 WHERE id IN ({})", expired), list,
        now);
    co_await session.exec(fmt::format("UPDATE payments SET status = 'failed', updated_at = $2 "
                                      "WHERE status = 'pending' AND order_id IN ({})",
                                      expired),
                          list, now);
    co_await forget_orphaned(session, ids);
    co_await return_stock(std::move(session), ids);
    co_return static_cast<std::int64_t>(ids.size());
}

}  // namespace localtea::db
