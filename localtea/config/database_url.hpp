// Which database, in the words of SQLAlchemy.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace localtea::config {

enum class DatabaseKind { sqlite, postgresql };

/// Where the database is.
struct DatabaseUrl {
    DatabaseKind kind = DatabaseKind::sqlite;
    /// SQLite: the file, relative to the working folder or absolute.
    std::string file;
    /// PostgreSQL: libpq's keywords and values, the password among them. For logs there is describe().
    std::vector<std::pair<std::string, std::string>> parameters;

    friend bool operator==(const DatabaseUrl&, const DatabaseUrl&) = default;
};

/// Reads `sqlite:///relative`, `sqlite:////absolute` and
/// `postgresql://[user[:password]@][host][:port]/name[?k=v]`, each with or without a Python driver (`+aiosqlite`,
/// `+asyncpg`, `+psycopg`, ...), as SQLAlchemy does: reserved characters may stand unescaped in the password up to
/// the @, asyncpg's `ssl` means `sslmode`. Several hosts are separated by commas. A database in memory is refused:
/// it would be another one for each connection. Returns false, and leaves `url` as it was, for anything else.
bool read(std::string_view text, DatabaseUrl& url);

/// Which part of a text is wrong, in a clause without any of it; empty: read() takes it.
std::string_view fault_of_database_url(std::string_view text);

/// "sqlite file var/shop.db", "postgresql database shop on db.example:5432": for logs, without user and password.
std::string describe(const DatabaseUrl& url);

}  // namespace localtea::config
