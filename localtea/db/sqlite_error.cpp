#include "db/sqlite_error.hpp"

#include <sqlite3.h>

#include <string>

#include <fmt/format.h>

#include "db/error.hpp"

namespace localtea::db {
namespace {

constexpr int primary_code_mask = 0xFF;

Errc kind_of_code(int code) {
    switch (code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
            return Errc::unique_violation;
        case SQLITE_BUSY_SNAPSHOT:
            return Errc::conflict;
        default:
            break;
    }
    switch (code & primary_code_mask) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Errc::busy;
        case SQLITE_CANTOPEN:
        case SQLITE_NOTADB:
            return Errc::connection;
        default:
            return Errc::other;
    }
}

/// The constraint's name as PostgreSQL forms it. SQLite tells which columns collided only in its message,
/// "UNIQUE constraint failed: users.email, users.phone_number"; its form is part of SQLite's own tests.
std::string constraint_name(int code, std::string_view message) {
    auto columns = message.substr(std::min(message.find(": ") + 2, message.size()));
    std::string name{columns.substr(0, columns.find('.'))};
    if (code != SQLITE_CONSTRAINT_UNIQUE) return name + "_pkey";
    while (!columns.empty()) {
        const auto end = std::min(columns.find(", "), columns.size());
        const auto column = columns.substr(0, end);
        name.append("_").append(column.substr(column.find('.') + 1));
        columns.remove_prefix(std::min(end + 2, columns.size()));
    }
    return name + "_key";
}

}  // namespace

void throw_sqlite_error(int code, std::string_view message) {
    const Errc kind = kind_of_code(code);
    throw Error{kind, fmt::format("SQLite: {}", message), std::to_string(code),
                kind == Errc::unique_violation ? constraint_name(code, message) : std::string{}};
}

}  // namespace localtea::db
