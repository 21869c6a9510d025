#include "problem.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <web/headers.hpp>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace web::detail {
namespace {

using samovar::Value;
using Kind = Schema::Kind;

std::uint64_t highest_of(const Schema& schema) {
    const unsigned value_bits = schema.is_signed ? schema.bits - 1 : schema.bits;
    return std::numeric_limits<std::uint64_t>::max() >> (64 - value_bits);
}
std::int64_t lowest_of(const Schema& schema) {
    return schema.is_signed ? -static_cast<std::int64_t>(highest_of(schema)) - 1 : 0;
}

Problem range_problem(const Schema& schema, bool below) {
    const std::uint64_t highest = highest_of(schema);
    const std::int64_t lowest = lowest_of(schema);
    if (below)
        return {"greater_than_equal",
                fmt::format("Input should be greater than or equal to {}", lowest),
                {{"ge", lowest}}};
    return {
        "less_than_equal", fmt::format("Input should be less than or equal to {}", highest), {{"le", highest}}};
}

std::optional<Problem> integer_problem(const Schema& schema, const Value& value) {
    if (value.if_int() && *value.if_int() < lowest_of(schema)) return range_problem(schema, true);
    const std::int64_t small = value.if_int() ? std::max<std::int64_t>(*value.if_int(), 0) : 0;
    const std::uint64_t magnitude = value.if_uint() ? *value.if_uint() : static_cast<std::uint64_t>(small);
    if (magnitude > highest_of(schema)) return range_problem(schema, false);
    return std::nullopt;
}

std::optional<Problem> string_problem(const Value& value) {
    const std::string* text = value.if_string();
    if (!text) return Problem{"string_type", "Input should be a valid string"};
    if (!samovar::utf8::valid(*text))
        return Problem{"string_unicode",
                       "Input should be a valid string, unable to parse raw data as a unicode string"};
    // Databases cut text there, so that what was checked would not be what is kept.
    if (text->find('\0') != std::string_view::npos) return value_error("null characters are not allowed");
    return std::nullopt;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
        text += fmt::format("'{}'", names[i]);
    }
    return text;
}

std::optional<Problem> enumeration_problem(const Schema& schema, const Value& value) {
    const std::string* name = value.if_string();
    const auto& names = schema.enumerators;
    if (name && std::find(names.begin(), names.end(), *name) != names.end()) return std::nullopt;
    return Problem{"enum", "Input should be " + listed(names), {{"expected", listed(names)}}};
}

/// "1_000" as "1000": single underscores between digits, as in Python. Nothing when they stand elsewhere.
std::optional<std::string> without_underscores(std::string_view text) {
    const auto is_digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '_') {
            out += text[i];
        } else if (i == 0 || !is_digit(i - 1) || !is_digit(i + 1)) {
            return std::nullopt;
        }
    }
    return out;
}

/// Digits, a sign before them and ".000" behind them; no more.
std::optional<std::string> integer_digits(std::string_view text) {
    auto digits = without_underscores(samovar::trim(text));
    if (!digits) return std::nullopt;
    if (const auto dot = digits->find('.'); dot != std::string::npos) {
        if (dot + 1 == digits->size() || digits->find_first_not_of('0', dot + 1) != std::string::npos)
            return std::nullopt;
        digits->resize(dot);
    }
    if (digits->starts_with('+') && !digits->starts_with("+-")) digits->erase(0, 1);
    const std::size_t first = digits->starts_with('-') ? 1 : 0;
    if (digits->size() == first || digits->find_first_not_of("0123456789", first) != std::string::npos)
        return std::nullopt;
    return digits;
}

std::optional<Problem> integer_of_text(const Schema& schema, Value& value, std::string_view text) {
    const auto digits = integer_digits(text);
    if (!digits)
        return Problem{"int_parsing", "Input should be a valid integer, unable to parse string as an integer"};
    const char* const end = digits->data() + digits->size();
    std::int64_t number = 0;
    if (std::from_chars(digits->data(), end, number).ec == std::errc{}) {
        value = number;
        return std::nullopt;
    }
    std::uint64_t large = 0;
    if (digits->starts_with('-') || std::from_chars(digits->data(), end, large).ec != std::errc{})
        return range_problem(schema, digits->starts_with('-'));
    value = large;
    return std::nullopt;
}

std::optional<Problem> integer_of_number(const Schema& schema, Value& value, double number) {
    // Beyond, neighbouring doubles are further apart than integers, and conversion is undefined.
    constexpr double edge = 9223372036854775808.0;
    if (!std::isfinite(number)) return Problem{"finite_number", "Input should be a finite number"};
    if (std::trunc(number) != number)
        return Problem{"int_from_float", "Input should be a valid integer, got a number with a fractional part"};
    if (number < -edge || number >= edge) return range_problem(schema, number < 0);
    value = static_cast<std::int64_t>(number);
    return std::nullopt;
}

std::optional<Problem> coerce_integer(const Schema& schema, Value& value) {
    Value whole = value;
    std::optional<Problem> problem;
    if (const bool* flag = value.if_bool()) {
        whole = *flag ? 1 : 0;
    } else if (const std::string* text = value.if_string()) {
        problem = integer_of_text(schema, whole, *text);
    } else if (const double* number = value.if_double()) {
        problem = integer_of_number(schema, whole, *number);
    } else if (!value.if_int() && !value.if_uint()) {
        problem = Problem{"int_type", "Input should be a valid integer"};
    }
    if (!problem) problem = integer_problem(schema, whole);
    if (!problem) value = std::move(whole);
    return problem;
}

std::optional<Problem> coerce_number(Value& value) {
    if (const bool* flag = value.if_bool()) value = *flag ? 1.0 : 0.0;
    if (const std::string* text = value.if_string()) {
        const auto plain = without_underscores(samovar::trim(*text));
        std::string_view digits = plain ? std::string_view{*plain} : "";
        if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
        double number = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (digits.empty() || end != digits.data() + digits.size() || error == std::errc::invalid_argument)
            return Problem{"float_parsing", "Input should be a valid number, unable to parse string as a number"};
        if (error != std::errc{} || !std::isfinite(number))
            return Problem{"finite_number", "Input should be a finite number"};
        value = number;
    }
    if (!value.if_double() && !value.if_int() && !value.if_uint())
        return Problem{"float_type", "Input should be a valid number"};
    if (value.if_double() && !std::isfinite(*value.if_double()))
        return Problem{"finite_number", "Input should be a finite number"};
    return std::nullopt;
}

std::optional<Problem> boolean_of(Value& value, bool is_true, bool is_false) {
    if (!is_true && !is_false)
        return Problem{"bool_parsing", "Input should be a valid boolean, unable to interpret input"};
    value = is_true;
    return std::nullopt;
}

std::optional<Problem> coerce_boolean(Value& value) {
    static constexpr std::array<std::string_view, 6> yes{"true", "1", "yes", "on", "t", "y"};
    static constexpr std::array<std::string_view, 6> no{"false", "0", "no", "off", "f", "n"};
    if (value.if_bool()) return std::nullopt;
    if (const auto* number = value.if_int()) return boolean_of(value, *number == 1, *number == 0);
    const double* number = value.if_double();
    if (number && std::trunc(*number) == *number) return boolean_of(value, *number == 1, *number == 0);
    const std::string* text = value.if_string();
    if (!text) return Problem{"bool_type", "Input should be a valid boolean"};
    const auto same = [&](std::string_view word) { return equal_ignoring_case(word, *text); };
    return boolean_of(value, std::any_of(yes.begin(), yes.end(), same), std::any_of(no.begin(), no.end(), same));
}

}  // namespace

std::optional<Problem> coerce(const Schema& schema, Value& value) {
    switch (schema.kind) {
        case Kind::boolean:
            return coerce_boolean(value);
        case Kind::integer:
            return coerce_integer(schema, value);
        case Kind::number:
            return coerce_number(value);
        case Kind::string:
            return string_problem(value);
        case Kind::enumeration:
            return enumeration_problem(schema, value);
        default:
            return std::nullopt;
    }
}

}  // namespace web::detail
