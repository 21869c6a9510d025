// What a statement returned.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <samovar/clock.hpp>

#include "db/parameter.hpp"

namespace localtea::db {

/// One value in SQLite's storage classes, to which PostgreSQL's types are mapped too: a boolean is 0 or 1, a time
/// microseconds since 1970 UTC, a date "YYYY-MM-DD". So both databases mean the same by every getter.
using Cell = std::variant<std::nullptr_t, std::int64_t, double, std::string, Bytes>;

/// All that came back from one statement.
struct Table {
    /// Their names; shared with the prepared statement, which has them once.
    std::shared_ptr<const std::vector<std::string>> columns = std::make_shared<std::vector<std::string>>();
    std::vector<std::vector<Cell>> cells;
    /// Rows inserted, updated or deleted.
    std::int64_t affected = 0;
};

/// One row. Keeps the whole result alive, so it may outlive its Rows.
class Row {
public:
    Row(std::shared_ptr<const Table> table, std::size_t index) : table_(std::move(table)), index_(index) {}

    /// The column's value as T: bool, int64, double, std::string, Bytes, WallTime, year_month_day, or
    /// std::optional of one of these where NULL is possible.
    /// Errors: Error{bad_value} that names the column when there is none of that name, when it has another
    /// type, or when it is NULL and T is not optional.
    template <class T>
    T get(std::string_view column) const {
        T value;
        read(column, value);
        return value;
    }

private:
    const Cell& cell(std::string_view column) const;
    template <class Stored>
    const Stored& stored(std::string_view column) const;

    template <class T>
    void read(std::string_view column, std::optional<T>& value) const {
        if (!std::holds_alternative<std::nullptr_t>(cell(column))) value = get<T>(column);
    }
    void read(std::string_view column, bool& value) const;
    void read(std::string_view column, std::int64_t& value) const;
    void read(std::string_view column, double& value) const;
    void read(std::string_view column, std::string& value) const;
    void read(std::string_view column, Bytes& value) const;
    void read(std::string_view column, samovar::WallTime& value) const;
    void read(std::string_view column, std::chrono::year_month_day& value) const;

    std::shared_ptr<const Table> table_;
    std::size_t index_;
};

/// The rows of one statement, for range-for.
class Rows {
public:
    Rows() : table_(std::make_shared<Table>()) {}
    explicit Rows(std::shared_ptr<const Table> table) : table_(std::move(table)) {}

    std::size_t size() const { return table_->cells.size(); }
    bool empty() const { return table_->cells.empty(); }
    /// Requires: index < size().
    Row operator[](std::size_t index) const { return {table_, index}; }
    std::int64_t affected() const { return table_->affected; }
    /// The first row; nothing when there is none.
    std::optional<Row> first() const { return empty() ? std::nullopt : std::optional<Row>{Row{table_, 0}}; }

    class Iterator {
    public:
        Iterator(const Rows* rows, std::size_t index) : rows_(rows), index_(index) {}
        Row operator*() const { return (*rows_)[index_]; }
        Iterator& operator++() {
            ++index_;
            return *this;
        }
        bool operator==(const Iterator& other) const { return index_ == other.index_; }

    private:
        const Rows* rows_;
        std::size_t index_;
    };
    Iterator begin() const { return {this, 0}; }
    Iterator end() const { return {this, size()}; }

private:
    std::shared_ptr<const Table> table_;
};

}  // namespace localtea::db
