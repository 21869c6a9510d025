// Units of SKUs on their way: on the shelf (quantity), held by unpaid orders (reserved_quantity), sold.
//
// Every function locks SKUs in the order of their ids, and is the last thing that a transaction locks: see
// migrations/004_orders.sql.
#pragma once

#include <cstdint>
#include <vector>

#include "db/session.hpp"

namespace localtea::db {

/// So many units of a SKU.
struct StockLine {
    std::int64_t sku_id = 0;
    std::int64_t quantity = 0;
};

/// Moves the units from the shelf to reserved_quantity, each line if the shelf has so many. Returns the SKUs that
/// have too few; then the caller has to undo the rest by ending the transaction. Each SKU may occur once.
asio::awaitable<std::vector<std::int64_t>> reserve_stock(Session session, std::vector<StockLine> lines);

/// What these orders hold goes back to the shelf. Requires: the orders are locked by the caller and hold it.
asio::awaitable<void> return_stock(Session session, std::vector<std::int64_t> order_ids);

/// What these orders hold is sold. Requires: as return_stock.
asio::awaitable<void> sell_stock(Session session, std::vector<std::int64_t> order_ids);

}  // namespace localtea::db
