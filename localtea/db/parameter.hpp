// Values on their way into a statement.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <samovar/clock.hpp>

#include "db/error.hpp"

namespace localtea::db {

/// Bytes that are no text: BYTEA, BLOB.
struct Bytes {
    std::string data;
    friend bool operator==(const Bytes&, const Bytes&) = default;
};

/// One value for a placeholder. Implicit, so that statements read naturally: s.exec(sql, id, name, now).
class Parameter {
public:
    using Data = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Bytes, samovar::WallTime,
                              std::chrono::year_month_day>;

    Parameter(std::nullptr_t) {}
    Parameter(std::nullopt_t) {}
    Parameter(bool value) : data_(value) {}
    /// Errors: Error{bad_value} for a value outside int64, which neither database has.
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    Parameter(Integer value)
        : data_(checked(std::in_range<std::int64_t>(value), static_cast<std::int64_t>(value))) {}
    Parameter(double value) : data_(value) {}
    Parameter(std::string value) : data_(std::move(value)) {}
    Parameter(std::string_view value) : data_(std::string{value}) {}
    Parameter(const char* value) : data_(std::string{value}) {}
    Parameter(Bytes value) : data_(std::move(value)) {}
    Parameter(samovar::WallTime value) : data_(value) {}
    Parameter(std::chrono::year_month_day value) : data_(value) {}
    /// Empty: NULL.
    template <class T>
    Parameter(std::optional<T> value) {
        if (value) data_ = Parameter(*std::move(value)).data_;
    }

    const Data& data() const { return data_; }

private:
    static std::int64_t checked(bool in_range, std::int64_t value) {
        if (!in_range) throw Error{Errc::bad_value, "an integer parameter is outside the range of int64"};
        return value;
    }

    Data data_;
};

using Parameters = std::vector<Parameter>;

/// One SQL statement, with placeholders $1, $2, ..., and their values.
struct Statement {
    std::string sql;
    Parameters parameters;
};

/// Text must be UTF-8 without NUL: PostgreSQL refuses or cuts anything else, so SQLite may not keep it either.
/// Errors: Error{bad_value} that names the placeholder.
void require_storable(const Parameters& parameters);

}  // namespace localtea::db
