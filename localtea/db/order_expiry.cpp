#include "db/order_expiry.hpp"

#include <vector>

#include <fmt/format.h>

#include "db/id_list.hpp"
#include "db/orders.hpp"
#include "db/stock.hpp"

namespace localtea::db {
namespace {

/// The status is looked at again once a row is locked: a payment that was committed meanwhile keeps its order.
std::string expire_sql(Dialect dialect) {
    return fmt::format(
        "WITH picked (picked_id) AS MATERIALIZED ("
        "SELECT id FROM orders WHERE status = 'awaiting_payment' AND created_at <= $1 "
        "ORDER BY created_at, id LIMIT $2{}) "
        "UPDATE orders SET status = 'cancelled', updated_at = $3 FROM picked "
        "WHERE id = picked_id RETURNING id",
        skip_locked(dialect));
}

}  // namespace

asio::awaitable<std::int64_t> expire_orders(Session session, samovar::WallTime made_before, std::int64_t limit,
                                            samovar::WallTime now) {
    std::vector<std::int64_t> ids;
    const auto dialect = session.dialect();
    for (const Row& row : co_await session.query(expire_sql(dialect), made_before, limit, now))
        ids.push_back(row.get<std::int64_t>("id"));
    if (ids.empty()) co_return 0;
    co_await session.exec(fmt::format("UPDATE payments SET status = 'failed', updated_at = $2 "
                                      "WHERE status = 'pending' AND order_id IN ({})",
                                      ids_of_parameter(dialect)),
                          id_list(dialect, ids), now);
    co_await forget_orphaned(session, ids);
    co_await return_stock(std::move(session), ids);
    co_return static_cast<std::int64_t>(ids.size());
}

}  // namespace localtea::db
