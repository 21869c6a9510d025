#include "db/outbox.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace localtea::db {
namespace {

OutboxMessage read_message(const Row& row) {
    return {
        .id = row.get<std::string>("id"),
        .task = row.get<std::string>("task"),
        .queue = row.get<std::string>("queue"),
        .payload = row.get<Bytes>("payload").data,
        .request_id = row.get<std::optional<std::string>>("request_id"),
        .created_at = row.get<samovar::WallTime>("created_at"),
    };
}

PutAside read_put_aside(const Row& row) {
    return {
        .id = row.get<std::string>("id"),
        .task = row.get<std::string>("task"),
        .queue = row.get<std::string>("queue"),
        .size = row.get<std::int64_t>("size"),
        .request_id = row.get<std::optional<std::string>>("request_id"),
        .created_at = row.get<samovar::WallTime>("created_at"),
        .at = row.get<samovar::WallTime>("put_aside_at"),
        .reason = row.get<std::string>("put_aside_reason"),
    };
}

/// The rows are picked in a part of their own: below IN (...) PostgreSQL may run the subquery again for every
/// row and lock more than the limit.
std::string claim_sql(Dialect dialect) {
    return fmt::format(
        "WITH picked (picked_id) AS MATERIALIZED ("
        "SELECT id FROM outbox WHERE pushed_at IS NULL AND put_aside_at IS NULL "
        "AND (claimed_until IS NULL OR claimed_until <= $1) "
        "ORDER BY created_at, id LIMIT $2{}) "
        "UPDATE outbox SET claimed_until = $3, claimed_by = $4 FROM picked WHERE id = picked_id "
        "RETURNING id, task, queue, payload, request_id, created_at",
        skip_locked(dialect));
}

}  // namespace

asio::awaitable<void> insert_outbox(Session session, OutboxMessage message) {
    co_await session.exec(
        "INSERT INTO outbox (id, task, queue, payload, request_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        std::move(message.id), std::move(message.task), std::move(message.queue),
        Bytes{std::move(message.payload)}, std::move(message.request_id), message.created_at);
}

asio::awaitable<void> insert_decoy(Session session, OutboxMessage message) {
    auto id = message.id;
    co_await insert_outbox(session, std::move(message));
    co_await session.exec("DELETE FROM outbox WHERE id = $1", std::move(id));
}

asio::awaitable<std::vector<OutboxMessage>> claim_outbox(Session session, std::string claim, std::int64_t limit,
                                                         samovar::WallTime now) {
    const Rows rows = co_await session.query(claim_sql(session.dialect()), now, limit, now + outbox_claim_time,
                                             std::move(claim));
    std::vector<OutboxMessage> messages;
    messages.reserve(rows.size());
    for (const Row& row : rows) messages.push_back(read_message(row));
    // RETURNING promises no order.
    std::sort(messages.begin(), messages.end(), [](const OutboxMessage& a, const OutboxMessage& b) {
        return std::tie(a.created_at, a.id) < std::tie(b.created_at, b.id);
    });
    co_return messages;
}

asio::awaitable<std::int64_t> release_outbox(Session session, std::string claim) {
    return session.exec(
        "UPDATE outbox SET claimed_until = NULL, claimed_by = NULL WHERE claimed_by = $1 AND pushed_at IS NULL",
        std::move(claim));
}

asio::awaitable<void> mark_pushed(Session session, std::vector<std::string> ids, std::string run_id,
                                  samovar::WallTime now) {
    std::vector<Parameters> sets;
    sets.reserve(ids.size());
    for (std::string& id : ids) sets.push_back({std::move(id), now, run_id});
    co_await session.exec_each("UPDATE outbox SET pushed_at = $2, pushed_run_id = $3 WHERE id = $1",
                               std::move(sets));
}

asio::awaitable<Settled> settle_outbox(Session session, std::string run_id, samovar::WallTime pushed_before) {
    Settled settled;
    settled.deleted = co_await session.exec("DELETE FROM outbox WHERE pushed_at <= $1 AND pushed_run_id = $2",
                                            pushed_before, run_id);
    settled.waiting_again = co_await session.exec(
        "UPDATE outbox SET claimed_until = NULL, claimed_by = NULL, pushed_at = NULL, pushed_run_id = NULL "
        "WHERE pushed_at <= $1 AND pushed_run_id <> $2",
        pushed_before, std::move(run_id));
    co_return settled;
}

asio::awaitable<void> put_aside(Session session, std::vector<Unsendable> messages, samovar::WallTime now) {
    std::vector<Parameters> sets;
    sets.reserve(messages.size());
    for (Unsendable& message : messages) sets.push_back({std::move(message.id), now, std::move(message.reason)});
    co_await session.exec_each(
        "UPDATE outbox SET put_aside_at = $2, put_aside_reason = $3, claimed_until = NULL, claimed_by = NULL "
        "WHERE id = $1 AND pushed_at IS NULL",
        std::move(sets));
}

asio::awaitable<std::vector<PutAside>> list_put_aside(Session session, std::int64_t limit) {
    const Rows rows = co_await session.query(
        "SELECT id, task, queue, length(payload) AS size, request_id, created_at, put_aside_at, put_aside_reason "
        "FROM outbox WHERE put_aside_at IS NOT NULL ORDER BY put_aside_at, id LIMIT $1",
        limit);
    std::vector<PutAside> messages;
    messages.reserve(rows.size());
    for (const Row& row : rows) messages.push_back(read_put_aside(row));
    co_return messages;
}

asio::awaitable<bool> put_back(Session session, std::string id) {
    const auto changed = co_await session.exec(
        "UPDATE outbox SET put_aside_at = NULL, put_aside_reason = NULL WHERE id = $1 AND put_aside_at IS NOT "
        "NULL",
        std::move(id));
    co_return changed == 1;
}

asio::awaitable<bool> drop_put_aside(Session session, std::string id) {
    const auto deleted =
        co_await session.exec("DELETE FROM outbox WHERE id = $1 AND put_aside_at IS NOT NULL", std::move(id));
    co_return deleted == 1;
}

asio::awaitable<bool> outbox_empty(Session session) {
    const Rows rows = co_await session.query("SELECT 1 FROM outbox WHERE put_aside_at IS NULL LIMIT 1");
    co_return rows.empty();
}

asio::awaitable<Backlog> outbox_backlog(Session session) {
    const Rows rows = co_await session.query(
        "SELECT count(*) FILTER (WHERE put_aside_at IS NULL) AS waiting, "
        "min(created_at) FILTER (WHERE put_aside_at IS NULL) AS oldest, count(put_aside_at) AS put_aside "
        "FROM outbox WHERE pushed_at IS NULL");
    co_return Backlog{rows[0].get<std::int64_t>("waiting"),
                      rows[0].get<std::optional<samovar::WallTime>>("oldest"),
                      rows[0].get<std::int64_t>("put_aside")};
}

}  // namespace localtea::db
