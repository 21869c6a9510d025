#include "db/sqlite_connection.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "db/calendar.hpp"
#include "db/sqlite_error.hpp"

namespace localtea::db {
namespace {

// The shop has a few dozen statements; a program that builds SQL must not grow without bound.
constexpr std::size_t max_sqlite_prepared = 256;

/// Only the owner may read customers' data, whatever the umask.
void make_private_file(const std::string& file) {
    const int descriptor = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0) ::close(descriptor);
}

/// Placeholders are named: SQLite numbers $2 as the first when it comes first.
std::size_t parameter_position(sqlite3_stmt* statement, int index, std::size_t count) {
    const char* name = sqlite3_bind_parameter_name(statement, index);
    const std::string_view text = name == nullptr ? "?" : name;
    std::size_t position = 0;
    std::from_chars(text.data() + 1, text.data() + text.size(), position);
    if (position == 0 || position > count)
        throw Error{Errc::bad_value, fmt::format("placeholder {} has no value among {}", text, count)};
    return position - 1;
}

/// Text and bytes are bound without a copy: parameters live until the statement has run.
struct Binder {
    sqlite3_stmt* statement;
    int index;

    int operator()(std::nullptr_t) const { return sqlite3_bind_null(statement, index); }
    int operator()(bool value) const { return sqlite3_bind_int(statement, index, value ? 1 : 0); }
    int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, index, value); }
    int operator()(double value) const { return sqlite3_bind_double(statement, index, value); }
    int operator()(const std::string& value) const {
        return sqlite3_bind_text64(statement, index, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(const Bytes& value) const {
        // A null pointer would bind NULL, not an empty blob.
        const void* data = value.data.empty() ? "" : value.data.data();
        return sqlite3_bind_blob64(statement, index, data, value.data.size(), SQLITE_STATIC);
    }
    int operator()(samovar::WallTime value) const {
        return (*this)(std::int64_t{value.time_since_epoch().count()});
    }
    int operator()(std::chrono::year_month_day value) const {
        const std::string text = format_date(value);
        return sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    }
};

int bind_all(sqlite3_stmt* statement, const Parameters& parameters) {
    for (int index = 1; index <= sqlite3_bind_parameter_count(statement); ++index) {
        const auto position = parameter_position(statement, index, parameters.size());
        const int code = std::visit(Binder{statement, index}, parameters[position].data());
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

std::string column_bytes(sqlite3_stmt* statement, int column) {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
    return size == 0 ? std::string{} : std::string{data, size};
}

Cell read_sqlite_cell(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER:
            return std::int64_t{sqlite3_column_int64(statement, column)};
        case SQLITE_FLOAT:
            return sqlite3_column_double(statement, column);
        case SQLITE_TEXT:
            return column_bytes(statement, column);
        case SQLITE_BLOB:
            return Bytes{column_bytes(statement, column)};
        default:
            return nullptr;
    }
}

std::vector<Cell> read_row(sqlite3_stmt* statement) {
    std::vector<Cell> row;
    const int columns = sqlite3_column_count(statement);
    row.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) row.push_back(read_sqlite_cell(statement, column));
    return row;
}

std::shared_ptr<const std::vector<std::string>> column_names(sqlite3_stmt* statement) {
    std::vector<std::string> names;
    for (int column = 0; column < sqlite3_column_count(statement); ++column)
        names.emplace_back(sqlite3_column_name(statement, column));
    return std::make_shared<const std::vector<std::string>>(std::move(names));
}

/// A cached statement keeps neither a read lock nor pointers to parameters after its run.
class RunGuard {
public:
    explicit RunGuard(sqlite3_stmt* statement) : statement_(statement) {}
    RunGuard(const RunGuard&) = delete;
    RunGuard& operator=(const RunGuard&) = delete;
    ~RunGuard() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }

private:
    sqlite3_stmt* statement_;
};

}  // namespace

void SqliteConnection::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }
void SqliteConnection::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

SqliteConnection::SqliteConnection(const std::string& file, Mode mode, std::chrono::milliseconds lock_limit) {
    if (mode == Mode::write) make_private_file(file);
    sqlite3* database = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    database_.reset(database);
    if (code != SQLITE_OK)
        throw Error{Errc::connection, fmt::format("SQLite cannot open {}: {}", file, sqlite3_errstr(code)),
                    std::to_string(code)};
    sqlite3_extended_result_codes(database, 1);
    sqlite3_busy_timeout(database, static_cast<int>(lock_limit.count()));
    if (mode == Mode::write) use_wal();
    execute("PRAGMA foreign_keys = ON");
    // FULL: a commit is on the disk before it is answered, so it outlives a power cut, not only a crash.
    execute("PRAGMA synchronous = FULL");
    if (mode == Mode::read) execute("PRAGMA query_only = ON");
}

SqliteConnection::~SqliteConnection() = default;

void SqliteConnection::use_wal() {
    const auto mode_after = [this](const std::string& pragma) {
        return std::get<std::string>(execute(pragma).cells.at(0).at(0));
    };
    if (mode_after("PRAGMA journal_mode") == "wal") return;
    if (mode_after("PRAGMA journal_mode = WAL") != "wal")
        throw Error{Errc::connection, "SQLite cannot use a write-ahead log on this file system"};
}

Table SqliteConnection::execute(const std::string& sql, const Parameters& parameters) {
    Prepared temporary;
    const Prepared* prepared = nullptr;
    if (const auto known = prepared_.find(sql); known != prepared_.end()) {
        prepared = &known->second;
    } else {
        temporary = prepare(sql);
        const bool keep = prepared_.size() < max_sqlite_prepared;
        prepared = keep ? &prepared_.emplace(sql, std::move(temporary)).first->second : &temporary;
    }
    const RunGuard guard{prepared->statement.get()};
    if (const int code = bind_all(prepared->statement.get(), parameters); code != SQLITE_OK) fail(code);
    return step_through(*prepared);
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

SqliteConnection::Prepared SqliteConnection::prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, &tail);
    Prepared prepared{.statement{statement}, .columns = column_names(statement)};
    if (code != SQLITE_OK) fail(code);
    const std::string_view rest{tail, sql.data() + sql.size()};
    if (statement == nullptr || rest.find_first_not_of("; \t\r\n") != std::string_view::npos)
        throw Error{Errc::other, "exactly one SQL statement may be given at a time"};
    return prepared;
}

Table SqliteConnection::step_through(const Prepared& prepared) {
    sqlite3_stmt* const statement = prepared.statement.get();
    Table table{.columns = prepared.columns};
    const auto changes_before = sqlite3_total_changes64(database_.get());
    for (;;) {
        const int code = sqlite3_step(statement);
        if (code == SQLITE_DONE) break;
        if (code != SQLITE_ROW) fail(code);
        table.cells.push_back(read_row(statement));
    }
    // A migration may have changed what "SELECT *" gives since the statement was prepared.
    if (std::cmp_not_equal(sqlite3_column_count(statement), table.columns->size()))
        table.columns = column_names(statement);
    // sqlite3_changes keeps the number of the last writing statement through those that write nothing.
    if (sqlite3_total_changes64(database_.get()) != changes_before)
        table.affected = sqlite3_changes64(database_.get());
    return table;
}

void SqliteConnection::fail(int code) const { throw_sqlite_error(code, sqlite3_errmsg(database_.get())); }

}  // namespace localtea::db
