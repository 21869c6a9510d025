#include "db/postgres_codec.hpp"

#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "db/calendar.hpp"

namespace localtea::db {
namespace {

/// OIDs of pg_type.dat; they never change.
enum class Type : Oid {
    boolean = 16,
    bytea = 17,
    single_char = 18,
    name = 19,
    int8 = 20,
    int2 = 21,
    int4 = 23,
    text = 25,
    float4 = 700,
    float8 = 701,
    unknown = 705,
    bpchar = 1042,
    varchar = 1043,
    date = 1082,
    timestamptz = 1184,
    nothing = 2278,
};

constexpr int text_format = 0;
constexpr int binary_format = 1;

/// PostgreSQL counts time from here.
constexpr std::chrono::sys_days epoch{std::chrono::year{2000} / std::chrono::January / 1};

struct Encoder {
    std::optional<std::string> operator()(std::nullptr_t) const { return std::nullopt; }
    std::optional<std::string> operator()(bool value) const { return value ? "t" : "f"; }
    std::optional<std::string> operator()(std::int64_t value) const { return std::to_string(value); }
    std::optional<std::string> operator()(double value) const { return fmt::format("{}", value); }
    std::optional<std::string> operator()(const std::string& value) const { return value; }
    std::optional<std::string> operator()(const Bytes& value) const { return value.data; }
    std::optional<std::string> operator()(samovar::WallTime value) const { return format_time(value); }
    std::optional<std::string> operator()(std::chrono::year_month_day value) const { return format_date(value); }
};

/// A number in network byte order; `bytes` has exactly its size, as the column's type says.
template <class Unsigned>
Unsigned big_endian(std::string_view bytes) {
    Unsigned number = 0;
    for (char byte : bytes) number = static_cast<Unsigned>(number << 8 | static_cast<unsigned char>(byte));
    return number;
}

std::int64_t microseconds(std::string_view bytes, std::string_view column) {
    const auto since_epoch = static_cast<std::int64_t>(big_endian<std::uint64_t>(bytes));
    using Limits = std::numeric_limits<std::int64_t>;
    if (since_epoch == Limits::max() || since_epoch == Limits::min())
        throw Error{Errc::bad_value, fmt::format("column {} is an infinite time", column)};
    return since_epoch + std::chrono::microseconds{epoch.time_since_epoch()}.count();
}

std::string date(std::string_view bytes) {
    const std::chrono::days days{static_cast<std::int32_t>(big_endian<std::uint32_t>(bytes))};
    return format_date(std::chrono::year_month_day{epoch + days});
}

Cell decode_cell(Oid type, std::string_view bytes, std::string_view column) {
    switch (static_cast<Type>(type)) {
        case Type::boolean:
            return std::int64_t{bytes[0] != 0};
        case Type::int2:
            return std::int64_t{static_cast<std::int16_t>(big_endian<std::uint16_t>(bytes))};
        case Type::int4:
            return std::int64_t{static_cast<std::int32_t>(big_endian<std::uint32_t>(bytes))};
        case Type::int8:
            return static_cast<std::int64_t>(big_endian<std::uint64_t>(bytes));
        case Type::float4:
            return double{std::bit_cast<float>(big_endian<std::uint32_t>(bytes))};
        case Type::float8:
            return std::bit_cast<double>(big_endian<std::uint64_t>(bytes));
        case Type::bytea:
            return Bytes{std::string{bytes}};
        case Type::timestamptz:
            return microseconds(bytes, column);
        case Type::date:
            return date(bytes);
        case Type::nothing:
            return nullptr;
        case Type::single_char:
        case Type::name:
        case Type::text:
        case Type::unknown:
        case Type::bpchar:
        case Type::varchar:
            return std::string{bytes};
    }
    throw Error{Errc::bad_value, fmt::format("column {} has a type (OID {}) that has to be cast", column, type)};
}

Cell read_cell(const PGresult* result, int row, int column) {
    if (PQgetisnull(result, row, column) != 0) return nullptr;
    const std::string_view bytes{PQgetvalue(result, row, column),
                                 static_cast<std::size_t>(PQgetlength(result, row, column))};
    return decode_cell(PQftype(result, column), bytes, PQfname(result, column));
}

std::int64_t affected_rows(const PGresult* result) {
    // Not const in libpq 15, and empty for statements that count nothing.
    const std::string_view digits{PQcmdTuples(const_cast<PGresult*>(result))};
    std::int64_t count = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), count);
    return count;
}

}  // namespace

EncodedParameters::EncodedParameters(const Parameters& parameters) {
    values_.reserve(parameters.size());
    for (const Parameter& parameter : parameters) {
        const auto& value = values_.emplace_back(std::visit(Encoder{}, parameter.data()));
        pointers_.push_back(value ? value->data() : nullptr);
        lengths_.push_back(value ? static_cast<int>(value->size()) : 0);
        formats_.push_back(std::holds_alternative<Bytes>(parameter.data()) ? binary_format : text_format);
    }
}

Table decode(const PGresult* result) {
    const int columns = PQnfields(result);
    const int rows = PQntuples(result);
    std::vector<std::string> names;
    for (int column = 0; column < columns; ++column) names.emplace_back(PQfname(result, column));
    Table table{.columns = std::make_shared<const std::vector<std::string>>(std::move(names))};
    table.cells.reserve(static_cast<std::size_t>(rows));
    for (int row = 0; row < rows; ++row) {
        auto& cells = table.cells.emplace_back();
        cells.reserve(static_cast<std::size_t>(columns));
        for (int column = 0; column < columns; ++column) cells.push_back(read_cell(result, row, column));
    }
    table.affected = affected_rows(result);
    return table;
}

}  // namespace localtea::db
