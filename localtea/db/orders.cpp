#include "db/orders.hpp"

#include <map>

#include <fmt/format.h>

#include "db/id_list.hpp"
#include "domain/names.hpp"

namespace localtea::db {
namespace {

using Text = std::optional<std::string>;

constexpr std::string_view select_orders =
    "SELECT o.id, o.user_id, o.status, o.goods_cents, o.discount_cents, o.delivery_cents, o.to_pay_cents, "
    "o.delivery_method, o.postal_code, o.address, o.firstname, o.lastname, o.middlename, o.phone, o.email, "
    "o.tracking_number, o.created_at, CASE WHEN o.status = 'awaiting_payment' THEN p.url END AS payment_url "
    "FROM orders o LEFT JOIN payments p ON p.order_id = o.id ";

constexpr std::string_view forgotten_contact =
    "firstname = NULL, lastname = NULL, middlename = NULL, phone = NULL, email = NULL, postal_code = NULL, "
    "address = NULL";

domain::Money read_cents(const Row& row, std::string_view column) {
    return domain::Money::kopecks(row.get<std::int64_t>(column));
}

/// The columns' CHECK constraints name the same words.
template <class Enum>
Enum read_enum(const Row& row, std::string_view column) {
    if (const auto value = domain::from_name<Enum>(row.get<std::string>(column))) return *value;
    throw Error{Errc::bad_value, fmt::format("column {} holds a word that is unknown here", column)};
}

std::optional<domain::ContactInfo> read_contact(const Row& row) {
    auto firstname = row.get<Text>("firstname");
    if (!firstname) return std::nullopt;
    return domain::ContactInfo{.firstname = *std::move(firstname),
                               .lastname = row.get<std::string>("lastname"),
                               .middlename = row.get<Text>("middlename"),
                               .phone = row.get<std::string>("phone"),
                               .email = row.get<std::string>("email")};
}

std::optional<domain::ShippingAddress> read_shipping_address(const Row& row) {
    auto address = row.get<Text>("address");
    if (!address) return std::nullopt;
    return domain::ShippingAddress{row.get<std::string>("postal_code"), *std::move(address)};
}

domain::Order read_order(const Row& row) {
    return {.id = row.get<std::int64_t>("id"),
            .user_id = row.get<std::optional<std::int64_t>>("user_id"),
            .status = read_enum<domain::OrderStatus>(row, "status"),
            .totals = {.goods = read_cents(row, "goods_cents"),
                       .discount = read_cents(row, "discount_cents"),
                       .delivery = read_cents(row, "delivery_cents"),
                       .to_pay = read_cents(row, "to_pay_cents")},
            .delivery_method = read_enum<domain::DeliveryMethod>(row, "delivery_method"),
            .shipping_address = read_shipping_address(row),
            .contact = read_contact(row),
            .tracking_number = row.get<Text>("tracking_number"),
            .payment_url = row.get<Text>("payment_url"),
            .created_at = row.get<samovar::WallTime>("created_at"),
            .items = {}};
}

domain::OrderItem read_item(const Row& row) {
    return {.id = row.get<std::int64_t>("id"),
            .line = {.sku_id = row.get<std::int64_t>("sku_id"),
                     .title = row.get<std::string>("title"),
                     .sku_info = row.get<std::string>("sku_info"),
                     .price = read_cents(row, "price_cents"),
                     .discount = read_cents(row, "discount_cents"),
                     .quantity = row.get<std::int64_t>("quantity")}};
}

OrderState read_state(const Row& row) {
    return {.id = row.get<std::int64_t>("id"),
            .user_id = row.get<std::optional<std::int64_t>>("user_id"),
            .status = read_enum<domain::OrderStatus>(row, "status"),
            .delivery_method = read_enum<domain::DeliveryMethod>(row, "delivery_method")};
}

/// The orders of `rows` with their items, which two statements may read one by one: items never change.
asio::awaitable<std::vector<domain::Order>> with_items(Session session, Rows rows) {
    std::vector<domain::Order> orders;
    std::vector<std::int64_t> ids;
    std::map<std::int64_t, std::size_t> places;
    for (const Row& row : rows) {
        places.emplace(ids.emplace_back(row.get<std::int64_t>("id")), orders.size());
        orders.push_back(read_order(row));
    }
    if (ids.empty()) co_return orders;
    const auto dialect = session.dialect();
    const Rows items = co_await session.query(
        fmt::format("SELECT id, order_id, sku_id, title, sku_info, price_cents, discount_cents, quantity "
                    "FROM order_items WHERE order_id IN ({}) ORDER BY id",
                    ids_of_parameter(dialect)),
        id_list(dialect, ids));
    for (const Row& row : items)
        orders[places.at(row.get<std::int64_t>("order_id"))].items.push_back(read_item(row));
    co_return orders;
}

asio::awaitable<std::optional<OrderState>> select_state(Session session, std::int64_t id, std::string_view lock) {
    const Rows rows = co_await session.query(
        fmt::format("SELECT id, user_id, status, delivery_method FROM orders WHERE id = $1{}", lock), id);
    if (const auto row = rows.first()) co_return read_state(*row);
    co_return std::nullopt;
}

asio::awaitable<void> insert_items(Session session, std::int64_t order_id, std::vector<domain::OrderLine> lines) {
    std::vector<Parameters> sets;
    sets.reserve(lines.size());
    for (domain::OrderLine& line : lines)
        sets.push_back({order_id, line.sku_id, std::move(line.title), std::move(line.sku_info),
                        line.price.in_kopecks(), line.discount.in_kopecks(), line.quantity});
    co_await session.exec_each(
        "INSERT INTO order_items (order_id, sku_id, title, sku_info, price_cents, discount_cents, quantity) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        std::move(sets));
}

}  // namespace

asio::awaitable<std::int64_t> insert_order(Session session, NewOrder order, samovar::WallTime now) {
    const auto& totals = order.totals;
    const auto& to = order.shipping_address;
    const auto& who = order.contact;
    const Rows rows = co_await session.query(
        "INSERT INTO orders (user_id, status, goods_cents, discount_cents, delivery_cents, to_pay_cents, "
        "delivery_method, postal_code, address, firstname, lastname, middlename, phone, email, created_at, "
        "updated_at) "
        "VALUES ($1, 'awaiting_payment', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14) "
        "RETURNING id",
        order.user_id, totals.goods.in_kopecks(), totals.discount.in_kopecks(), totals.delivery.in_kopecks(),
        totals.to_pay.in_kopecks(), domain::to_name(order.delivery_method),
        to ? Parameter{to->postal_code} : nullptr, to ? Parameter{to->address} : nullptr, who.firstname,
        who.lastname, who.middlename, who.phone, who.email, now);
    const auto id = rows[0].get<std::int64_t>("id");
    co_await insert_items(std::move(session), id, std::move(order.lines));
    co_return id;
}

asio::awaitable<std::optional<domain::Order>> find_order(Session session, std::int64_t id) {
    auto orders =
        co_await with_items(session, co_await session.query(fmt::format("{}WHERE o.id = $1", select_orders), id));
    if (orders.empty()) co_return std::nullopt;
    co_return std::move(orders.front());
}

asio::awaitable<std::vector<domain::Order>> list_orders_of(Session session, std::int64_t user_id) {
    static const auto sql = fmt::format("{}WHERE o.user_id = $1 ORDER BY o.id DESC", select_orders);
    co_return co_await with_items(session, co_await session.query(sql, user_id));
}

asio::awaitable<std::vector<domain::Order>> list_orders_in(Session session, domain::OrderStatus status,
                                                           std::int64_t limit) {
    static const auto sql = fmt::format("{}WHERE o.status = $1 ORDER BY o.id LIMIT $2", select_orders);
    co_return co_await with_items(session, co_await session.query(sql, domain::to_name(status), limit));
}

asio::awaitable<std::optional<OrderState>> find_order_state(Session session, std::int64_t id) {
    return select_state(std::move(session), id, "");
}

asio::awaitable<std::optional<OrderState>> lock_order(Session session, std::int64_t id) {
    const auto lock = row_lock(session.dialect());
    return select_state(std::move(session), id, lock);
}

asio::awaitable<void> set_order_status(Session session, std::int64_t id, domain::OrderStatus status,
                                       samovar::WallTime now) {
    co_await session.exec("UPDATE orders SET status = $2, updated_at = $3 WHERE id = $1", id,
                          domain::to_name(status), now);
    if (domain::is_final(status)) co_await forget_orphaned(std::move(session), {id});
}

asio::awaitable<void> forget_orphaned(Session session, std::vector<std::int64_t> ids) {
    const auto dialect = session.dialect();
    co_await session.exec(fmt::format("UPDATE orders SET {} WHERE user_id IS NULL AND id IN ({})",
                                      forgotten_contact, ids_of_parameter(dialect)),
                          id_list(dialect, ids));
}

asio::awaitable<void> set_tracking_number(Session session, std::int64_t id, std::string tracking_number) {
    co_await session.exec("UPDATE orders SET tracking_number = $2 WHERE id = $1", id, std::move(tracking_number));
}

asio::awaitable<void> forget_customer(Session session, std::int64_t user_id) {
    static const auto sql = fmt::format(
        "UPDATE orders SET {} WHERE user_id = $1 AND status IN ('delivered', 'cancelled')", forgotten_contact);
    co_await session.exec(sql, user_id);
}

}  // namespace localtea::db
