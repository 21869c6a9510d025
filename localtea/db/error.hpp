// What can go wrong between us and a database, told apart by what the caller can do about it.
#pragma once

#include <stdexcept>
#include <string>

namespace localtea::db {

enum class Errc {
    /// The database cannot be reached, or the connection was lost before COMMIT was sent: nothing was changed.
    connection,
    /// The connection was lost, or its limit passed, while COMMIT was under way: changed or not is unknown.
    commit_unknown,
    /// The bound on waiting for a connection, a turn or a lock passed; nothing was changed.
    busy,
    /// Another transaction was in the way (serialization failure, deadlock). The same transaction run again may
    /// succeed; Database::transaction does that by itself a few times before it gives this up.
    conflict,
    /// A statement took longer than its limit.
    timeout,
    /// A UNIQUE or PRIMARY KEY constraint, named by Error::constraint().
    unique_violation,
    /// A parameter that no database could store, or a column read as another type than it has.
    bad_value,
    /// The schema and this program do not fit: newer, changed after the fact, or not migrated.
    schema,
    /// Everything else: a mistake in SQL, another constraint, a full disk.
    other,
};

/// Thrown by everything in this folder. Messages hold names and codes, never a value from a row or a parameter.
class Error : public std::runtime_error {
public:
    Error(Errc kind, const std::string& what, std::string code = {}, std::string constraint = {});

    Errc kind() const { return kind_; }
    /// SQLSTATE, or SQLite's extended result code in decimal; empty when the error is our own.
    const std::string& code() const { return code_; }
    /// The violated constraint as PostgreSQL names it by default: `users_email_key`, `users_pkey`.
    const std::string& constraint() const { return constraint_; }

private:
    Errc kind_;
    std::string code_;
    std::string constraint_;
};

}  // namespace localtea::db
