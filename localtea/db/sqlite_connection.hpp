// SQLite itself: blocking, for one thread at a time.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "db/parameter.hpp"
#include "db/rows.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace localtea::db {

/// One connection to a file.
class SqliteConnection {
public:
    enum class Mode { read, write };

    /// Opens the file, makes it (0600) when it is absent and the mode is write, and sets WAL, foreign keys and
    /// synchronous=FULL. Errors: Error{connection}.
    SqliteConnection(const std::string& file, Mode mode, std::chrono::milliseconds lock_limit);
    ~SqliteConnection();

    /// Runs one statement to its end. Errors: Error.
    Table execute(const std::string& sql, const Parameters& parameters = {});

    /// False outside BEGIN and after an error that made SQLite roll back.
    bool in_transaction() const;

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    struct Prepared {
        std::unique_ptr<sqlite3_stmt, Finalize> statement;
        std::shared_ptr<const std::vector<std::string>> columns;
    };

    void use_wal();
    Prepared prepare(const std::string& sql);
    Table step_through(const Prepared& prepared);
    [[noreturn]] void fail(int code) const;

    std::unique_ptr<sqlite3, Close> database_;
    std::unordered_map<std::string, Prepared> prepared_;
};

}  // namespace localtea::db
