// Brings a database's schema to this program's version.
#pragma once

#include <span>

#include <boost/asio/awaitable.hpp>

#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "db/migrations.hpp"

namespace localtea::db {

/// Applies what is pending and returns how many migrations that was. Each is one transaction under a lock (an
/// advisory one on PostgreSQL, the write lock on SQLite), so any number of processes may call this at once and a
/// failure leaves the schema as the last whole migration made it. Recorded in the table schema_migrations.
/// Errors: Error{schema} when the database has a migration that the program does not know (a newer program was
/// here) or one whose text was changed afterwards; any other Error of the migration's own statements.
/// Lifetime: database, clock and what `migrations` points to, until it returns.
asio::awaitable<int> migrate(Database& database, const samovar::Clock& clock,
                             std::span<const Migration> migrations = built_in_migrations());

/// Returns when the schema is exactly this program's. Errors: Error{schema} as above, and when migrations are
/// pending; its message names the command that applies them.
asio::awaitable<void> require_current_schema(Database& database,
                                             std::span<const Migration> migrations = built_in_migrations());

}  // namespace localtea::db
