#include "db/migrator.hpp"

#include <string>

#include <fmt/format.h>

namespace localtea::db {
namespace {

// Any number that no other program uses on the same database for the same purpose.
constexpr std::int64_t advisory_lock = 0x6C6F63616C746561;  // "localtea"

constexpr const char* history_table =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "version {{int}} NOT NULL CONSTRAINT schema_migrations_pkey PRIMARY KEY, "
    "name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at {{time}} NOT NULL"
    ") {{strict}};";

/// Throws unless the recorded migrations are the first of ours; returns how many they are.
std::size_t compare(const Rows& recorded, std::span<const Migration> known) {
    for (std::size_t i = 0; i < recorded.size(); ++i) {
        const auto version = recorded[i].get<std::int64_t>("version");
        if (i >= known.size())
            throw Error{Errc::schema,
                        fmt::format("the database has migration {} and this program knows {} at most: "
                                    "a newer version of the shop has used it; run that one",
                                    version, known.size())};
        if (version != known[i].version || recorded[i].get<std::string>("checksum") != checksum(known[i]))
            throw Error{Errc::schema,
                        fmt::format("migration {} was applied to the database with another text than "
                                    "this program's {}",
                                    version, known[i].name)};
    }
    return recorded.size();
}

asio::awaitable<Rows> read_history(Session session) {
    return session.query("SELECT version, checksum FROM schema_migrations ORDER BY version");
}

asio::awaitable<bool> has_history(Session session) {
    const Rows rows = co_await session.query(
        session.dialect() == Dialect::sqlite
            ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'"
            : "SELECT 1 WHERE to_regclass('schema_migrations') IS NOT NULL");
    co_return !rows.empty();
}

/// SQLite's BEGIN IMMEDIATE is the lock; creating the table is the first statement, so it is held from here on.
asio::awaitable<void> lock_history(Session session) {
    if (session.dialect() == Dialect::postgresql)
        co_await session.query("SELECT pg_advisory_xact_lock($1)", advisory_lock);
    const Migration history{0, "schema_migrations", history_table};
    for (const std::string& statement : statements(history, session.dialect())) co_await session.exec(statement);
}

asio::awaitable<void> apply(Session session, Migration migration, samovar::WallTime now) {
    for (const std::string& statement : statements(migration, session.dialect())) co_await session.exec(statement);
    co_await session.exec(
        "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
        migration.version, migration.name, checksum(migration), now);
}

/// Applies the first pending migration; false when there is none.
asio::awaitable<bool> apply_next(Session session, std::span<const Migration> migrations, samovar::WallTime now) {
    co_await lock_history(session);
    const std::size_t done = compare(co_await read_history(session), migrations);
    if (done == migrations.size()) co_return false;
    co_await apply(session, migrations[done], now);
    co_return true;
}

}  // namespace

asio::awaitable<int> migrate(Database& database, const samovar::Clock& clock,
                             std::span<const Migration> migrations) {
    // No statement limit: waiting for another process's migration, and building an index, take what they take.
    const TransactionOptions options{.statement_limit = std::chrono::milliseconds{0}};
    const auto step = [migrations, now = clock.now()](Session session) {
        return apply_next(std::move(session), migrations, now);
    };
    int applied = 0;
    while (co_await database.transaction(step, options)) ++applied;
    co_return applied;
}

asio::awaitable<void> require_current_schema(Database& database, std::span<const Migration> migrations) {
    const auto count_applied = [migrations](Session session) -> asio::awaitable<std::size_t> {
        if (!co_await has_history(session)) co_return 0;
        co_return compare(co_await read_history(session), migrations);
    };
    const std::size_t applied = co_await database.read(count_applied);
    if (applied < migrations.size())
        throw Error{Errc::schema,
                    fmt::format("the database lacks {} migrations of this program: run `localtea migrate`",
                                migrations.size() - applied)};
}

}  // namespace localtea::db
