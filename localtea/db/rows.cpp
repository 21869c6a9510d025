#include "db/rows.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "db/calendar.hpp"

namespace localtea::db {
namespace {

[[noreturn]] void refuse(std::string_view column, std::string_view reason) {
    throw Error{Errc::bad_value, fmt::format("column {} {}", column, reason)};
}

}  // namespace

const Cell& Row::cell(std::string_view column) const {
    const auto& columns = *table_->columns;
    const auto found = std::find(columns.begin(), columns.end(), column);
    if (found == columns.end()) refuse(column, "is not in the result");
    return table_->cells[index_][static_cast<std::size_t>(found - columns.begin())];
}

template <class Stored>
const Stored& Row::stored(std::string_view column) const {
    const Cell& value = cell(column);
    if (std::holds_alternative<std::nullptr_t>(value)) refuse(column, "is NULL");
    const auto* content = std::get_if<Stored>(&value);
    if (content == nullptr) refuse(column, "has another type");
    return *content;
}

void Row::read(std::string_view column, bool& value) const {
    const std::int64_t number = stored<std::int64_t>(column);
    if (number != 0 && number != 1) refuse(column, "is neither 0 nor 1");
    value = number == 1;
}

void Row::read(std::string_view column, std::int64_t& value) const { value = stored<std::int64_t>(column); }

void Row::read(std::string_view column, double& value) const { value = stored<double>(column); }

void Row::read(std::string_view column, std::string& value) const { value = stored<std::string>(column); }

void Row::read(std::string_view column, Bytes& value) const { value = stored<Bytes>(column); }

void Row::read(std::string_view column, samovar::WallTime& value) const {
    value = samovar::WallTime{std::chrono::microseconds{stored<std::int64_t>(column)}};
}

void Row::read(std::string_view column, std::chrono::year_month_day& value) const {
    const auto date = parse_date(stored<std::string>(column));
    if (!date) refuse(column, "is not a date YYYY-MM-DD");
    value = *date;
}

}  // namespace localtea::db
