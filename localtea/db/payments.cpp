#include "db/payments.hpp"

#include <fmt/format.h>

#include "domain/names.hpp"

namespace localtea::db {
namespace {

constexpr std::string_view select_payments =
    "SELECT id, order_id, provider, external_id, amount_cents, status, flag FROM payments ";

domain::Payment read_payment(const Row& row) {
    const auto status = domain::from_name<domain::PaymentStatus>(row.get<std::string>("status"));
    const auto flag = domain::from_name<domain::PaymentFlag>(row.get<std::string>("flag"));
    if (!status || !flag)
        throw Error{Errc::bad_value, "a payment's status or flag is a word that is unknown here"};
    return {.id = row.get<std::int64_t>("id"),
            .order_id = row.get<std::int64_t>("order_id"),
            .provider = row.get<std::string>("provider"),
            .external_id = row.get<std::string>("external_id"),
            .amount = domain::Money::kopecks(row.get<std::int64_t>("amount_cents")),
            .status = *status,
            .flag = *flag};
}

}  // namespace

asio::awaitable<std::int64_t> insert_payment(Session session, NewPayment payment, samovar::WallTime now) {
    const Rows rows = co_await session.query(
        "INSERT INTO payments (order_id, provider, external_id, url, amount_cents, status, flag, created_at, "
        "updated_at) VALUES ($1, $2, $3, $4, $5, 'pending', 'none', $6, $6) RETURNING id",
        payment.order_id, std::move(payment.provider), std::move(payment.external_id), std::move(payment.url),
        payment.amount.in_kopecks(), now);
    co_return rows[0].get<std::int64_t>("id");
}

asio::awaitable<std::optional<std::int64_t>> order_of_payment(Session session, std::string provider,
                                                              std::string external_id) {
    const Rows rows =
        co_await session.query("SELECT order_id FROM payments WHERE provider = $1 AND external_id = $2",
                               std::move(provider), std::move(external_id));
    if (const auto row = rows.first()) co_return row->get<std::int64_t>("order_id");
    co_return std::nullopt;
}

asio::awaitable<std::optional<domain::Payment>> find_payment(Session session, std::int64_t order_id) {
    static const auto sql = fmt::format("{}WHERE order_id = $1", select_payments);
    const Rows rows = co_await session.query(sql, order_id);
    if (const auto row = rows.first()) co_return read_payment(*row);
    co_return std::nullopt;
}

asio::awaitable<std::vector<domain::Payment>> list_flagged_payments(Session session, std::int64_t limit) {
    static const auto sql = fmt::format("{}WHERE flag <> 'none' ORDER BY id LIMIT $1", select_payments);
    std::vector<domain::Payment> payments;
    for (const Row& row : co_await session.query(sql, limit)) payments.push_back(read_payment(row));
    co_return payments;
}

asio::awaitable<void> settle_payment(Session session, std::int64_t id, domain::PaymentStatus status,
                                     domain::PaymentFlag flag, std::optional<std::string> response,
                                     samovar::WallTime now) {
    co_await session.exec(
        "UPDATE payments SET status = $2, flag = $3, provider_response = COALESCE($4, provider_response), "
        "updated_at = $5 WHERE id = $1",
        id, domain::to_name(status), domain::to_name(flag), std::move(response), now);
}

asio::awaitable<bool> insert_payment_event(Session session, PaymentEvent event, samovar::WallTime now) {
    const auto inserted = co_await session.exec(
        "INSERT INTO payment_events (provider, event_id, payment_id, effect, body, received_at) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (provider, event_id) DO NOTHING",
        std::move(event.provider), std::move(event.event_id), event.payment_id, domain::to_name(event.effect),
        std::move(event.body), now);
    co_return inserted == 1;
}

}  // namespace localtea::db
