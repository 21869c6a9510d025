#include "db/stock.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "db/id_list.hpp"

namespace localtea::db {
namespace {

/// An UPDATE takes its locks in whatever order it finds the rows; this one takes them in the order of ids.
/// NO KEY: whoever only refers to a SKU, as a cart does, need not wait.
asio::awaitable<void> lock_skus_of(Session session, std::vector<std::int64_t> order_ids) {
    if (session.dialect() == Dialect::sqlite) co_return;
    co_await session.query(
        fmt::format("SELECT id FROM skus WHERE id IN (SELECT sku_id FROM order_items WHERE order_id IN ({})) "
                    "ORDER BY id FOR NO KEY UPDATE",
                    ids_of_parameter(Dialect::postgresql)),
        id_list(Dialect::postgresql, order_ids));
}

asio::awaitable<void> release_reserved(Session session, std::vector<std::int64_t> order_ids, bool to_shelf) {
    co_await lock_skus_of(session, order_ids);
    const auto dialect = session.dialect();
    co_await session.exec(
        fmt::format(
            "UPDATE skus SET reserved_quantity = reserved_quantity - held.units{} FROM ("
            "SELECT sku_id, CAST(sum(quantity) AS BIGINT) AS units FROM order_items WHERE order_id IN ({}) "
            "GROUP BY sku_id) AS held WHERE skus.id = held.sku_id",
            to_shelf ? ", quantity = skus.quantity + held.units" : "", ids_of_parameter(dialect)),
        id_list(dialect, order_ids));
}

}  // namespace

asio::awaitable<std::vector<std::int64_t>> reserve_stock(Session session, std::vector<StockLine> lines) {
    std::ranges::sort(lines, {}, &StockLine::sku_id);
    std::vector<Parameters> sets;
    sets.reserve(lines.size());
    for (const StockLine& line : lines) sets.push_back({line.sku_id, line.quantity});
    const auto updated = co_await session.exec_each(
        "UPDATE skus SET quantity = quantity - $2, reserved_quantity = reserved_quantity + $2 "
        "WHERE id = $1 AND quantity >= $2",
        std::move(sets));
    std::vector<std::int64_t> short_of;
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (updated[i] == 0) short_of.push_back(lines[i].sku_id);
    co_return short_of;
}

asio::awaitable<void> return_stock(Session session, std::vector<std::int64_t> order_ids) {
    return release_reserved(std::move(session), std::move(order_ids), true);
}

asio::awaitable<void> sell_stock(Session session, std::vector<std::int64_t> order_ids) {
    return release_reserved(std::move(session), std::move(order_ids), false);
}

}  // namespace localtea::db
