#include "db/skus.hpp"

#include <fmt/format.h>

#include "db/shown.hpp"

namespace localtea::db {

domain::Price read_price(const Row& row) {
    return {.full = domain::Money::kopecks(row.get<std::int64_t>("price_cents")),
            .discount = domain::Money::kopecks(row.get<std::int64_t>("discount_cents"))};
}

domain::Sku read_sku(const Row& row) {
    return {
        .id = row.get<std::int64_t>("id"),
        .product_id = row.get<std::int64_t>("product_id"),
        .code = row.get<std::string>("sku_code"),
        .weight = row.get<std::int64_t>("weight"),
        .price = read_price(row),
        .quantity = row.get<std::int64_t>("quantity"),
        .reserved_quantity = row.get<std::int64_t>("reserved_quantity"),
        .is_active = row.get<bool>("is_active"),
        .is_visible = row.get<bool>("is_visible"),
        .is_limited = row.get<bool>("is_limited"),
        .sort_order = row.get<std::int64_t>("sort_order"),
    };
}

asio::awaitable<std::optional<domain::Sku>> find_shown_sku(Session session, std::int64_t id) {
    static const std::string sql =
        fmt::format("SELECT {} FROM skus s JOIN products p ON p.id = s.product_id WHERE s.id = $1 AND {} AND {}",
                    sku_columns, sku_is_shown, product_is_shown);
    const Rows rows = co_await session.query(sql, id);
    if (const auto row = rows.first()) co_return read_sku(*row);
    co_return std::nullopt;
}

}  // namespace localtea::db
