#include "db/carts.hpp"

#include <fmt/format.h>

#include "db/shown.hpp"
#include "db/skus.hpp"

namespace localtea::db {
namespace {

/// By which column a cart is found, and what is in it.
struct OwnerKey {
    std::string_view column;
    Parameter value;
};

OwnerKey key_of(const domain::CartOwner& owner) {
    if (const auto* customer = std::get_if<domain::Customer>(&owner)) return {"user_id", customer->user_id};
    return {"session_digest", std::get<domain::Guest>(owner).session_digest};
}

domain::CartLine read_line(const Row& row) {
    return {
        .id = row.get<std::int64_t>("id"),
        .quantity = row.get<std::int64_t>("quantity"),
        .sku_id = row.get<std::int64_t>("sku_id"),
        .title = row.get<std::string>("title"),
        .weight = row.get<std::int64_t>("weight"),
        .price = read_price(row),
        .image = row.get<std::optional<std::string>>("image"),
        .in_stock = row.get<std::int64_t>("in_stock"),
    };
}

asio::awaitable<std::optional<std::int64_t>> find_cart(Session session, domain::CartOwner owner) {
    auto [column, value] = key_of(owner);
    const Rows rows =
        co_await session.query(fmt::format("SELECT id FROM carts WHERE {} = $1", column), std::move(value));
    if (const auto row = rows.first()) co_return row->get<std::int64_t>("id");
    co_return std::nullopt;
}

}  // namespace

asio::awaitable<domain::Cart> load_cart(Session session, domain::CartOwner owner) {
    const auto id = co_await find_cart(session, std::move(owner));
    if (!id) co_return domain::Cart{};
    co_return domain::Cart{*id, co_await cart_lines(session, *id)};
}

asio::awaitable<std::int64_t> open_cart(Session session, domain::CartOwner owner, samovar::WallTime now) {
    auto [column, value] = key_of(owner);
    const Rows rows =
        co_await session.query(fmt::format("INSERT INTO carts ({0}, updated_at) VALUES ($1, $2) "
                                           "ON CONFLICT ({0}) DO UPDATE SET updated_at = $2 RETURNING id",
                                           column),
                               std::move(value), now);
    co_return rows[0].get<std::int64_t>("id");
}

asio::awaitable<std::optional<std::int64_t>> lock_cart(Session session, domain::CartOwner owner,
                                                       samovar::WallTime now) {
    auto [column, value] = key_of(owner);
    // An update locks the row on both databases; SQLite has no SELECT ... FOR UPDATE.
    const Rows rows = co_await session.query(
        fmt::format("UPDATE carts SET updated_at = $2 WHERE {} = $1 RETURNING id", column), std::move(value), now);
    if (const auto row = rows.first()) co_return row->get<std::int64_t>("id");
    co_return std::nullopt;
}

asio::awaitable<std::vector<domain::CartLine>> cart_lines(Session session, std::int64_t cart_id) {
    static const std::string sql = fmt::format(
        "SELECT i.id, i.quantity, i.sku_id, p.title, s.weight, s.price_cents, s.discount_cents, m.url AS image, "
        "s.quantity AS in_stock FROM cart_items i JOIN skus s ON s.id = i.sku_id JOIN products p ON p.id = "
        "s.product_id LEFT JOIN product_images m ON m.product_id = p.id AND m.is_main "
        "WHERE i.cart_id = $1 AND {} AND {} ORDER BY i.id",
        sku_is_shown, product_is_shown);
    std::vector<domain::CartLine> lines;
    for (const Row& row : co_await session.query(sql, cart_id)) lines.push_back(read_line(row));
    co_return lines;
}

asio::awaitable<void> put_line(Session session, std::int64_t cart_id, std::int64_t sku_id, std::int64_t quantity) {
    co_await session.exec(
        "INSERT INTO cart_items (cart_id, sku_id, quantity) VALUES ($1, $2, $3) "
        "ON CONFLICT (cart_id, sku_id) DO UPDATE SET quantity = excluded.quantity",
        cart_id, sku_id, quantity);
}

asio::awaitable<bool> remove_line(Session session, std::int64_t cart_id, std::int64_t line_id) {
    const auto removed =
        co_await session.exec("DELETE FROM cart_items WHERE cart_id = $1 AND id = $2", cart_id, line_id);
    co_return removed == 1;
}

asio::awaitable<void> clear_cart(Session session, std::int64_t cart_id) {
    co_await session.exec("DELETE FROM cart_items WHERE cart_id = $1", cart_id);
}

asio::awaitable<void> delete_cart(Session session, std::int64_t cart_id) {
    co_await session.exec("DELETE FROM carts WHERE id = $1", cart_id);
}

asio::awaitable<std::int64_t> forget_guest_carts(Session session, samovar::WallTime untouched_since,
                                                 std::int64_t limit) {
    // Picked in a part of its own, for the reason given in outbox.cpp.
    return session.exec(
        fmt::format(
            "WITH picked (picked_id) AS MATERIALIZED ("
            "SELECT id FROM carts WHERE user_id IS NULL AND updated_at < $1 ORDER BY updated_at LIMIT $2{}) "
            "DELETE FROM carts WHERE id IN (SELECT picked_id FROM picked)",
            skip_locked(session.dialect())),
        untouched_since, limit);
}

}  // namespace localtea::db
