#include "coerce.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <web/request.hpp>

#include "text.hpp"

namespace web::detail {
namespace {

using samovar::Value;
using Kind = Schema::Kind;

std::optional<Problem> integer_problem(const Schema& schema, const Value& value) {
    const bool is_int = value.if_int() || value.if_uint();
    if (!is_int) return Problem{"int_type", "Input should be a valid integer"};
    const unsigned value_bits = schema.is_signed ? schema.bits - 1 : schema.bits;
    const std::uint64_t highest = std::numeric_limits<std::uint64_t>::max() >> (64 - value_bits);
    const std::int64_t lowest = schema.is_signed ? -static_cast<std::int64_t>(highest) - 1 : 0;
    const bool below = value.if_int() && *value.if_int() < lowest;
    const bool above = value.if_uint()
                           ? *value.if_uint() > highest
                           : *value.if_int() > 0 && static_cast<std::uint64_t>(*value.if_int()) > highest;
    if (below)
        return Problem{"greater_than_equal",
                       fmt::format("Input should be greater than or equal to {}", lowest),
                       {{"ge", lowest}}};
    if (above)
        return Problem{"less_than_equal",
                       fmt::format("Input should be less than or equal to {}", highest),
                       {{"le", highest}}};
    return std::nullopt;
}

std::optional<Problem> number_problem(const Value& value) {
    if (!value.if_double() && !value.if_int() && !value.if_uint())
        return Problem{"float_type", "Input should be a valid number"};
    if (value.if_double() && !std::isfinite(*value.if_double()))
        return Problem{"finite_number", "Input should be a finite number"};
    return std::nullopt;
}

std::optional<Problem> string_problem(const Value& value) {
    const std::string* text = value.if_string();
    if (!text) return Problem{"string_type", "Input should be a valid string"};
    if (!is_utf8(*text))
        return Problem{"string_unicode",
                       "Input should be a valid string, unable to parse raw data as a unicode string"};
    // Databases cut text there, so that what was checked would not be what is kept.
    if (text->find('\0') != text->npos) return value_error("null characters are not allowed");
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

template <class T>
std::errc parse_whole(std::string_view text, T& number) {
    if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end != text.data() + text.size()) return std::errc::invalid_argument;
    return error;
}

std::optional<Problem> coerce_integer(const Schema& schema, Value& value, std::string_view text) {
    std::int64_t number = 0;
    std::uint64_t large = 0;
    std::errc error = parse_whole(text, number);
    Value parsed{number};
    if (error == std::errc::result_out_of_range && !text.starts_with('-')) {
        error = parse_whole(text, large);
        parsed = Value{large};
    }
    if (error == std::errc::result_out_of_range)
        return Problem{"int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size"};
    if (error != std::errc{})
        return Problem{"int_parsing", "Input should be a valid integer, unable to parse string as an integer"};
    if (auto problem = integer_problem(schema, parsed)) return problem;
    value = std::move(parsed);
    return std::nullopt;
}

std::optional<Problem> coerce_number(Value& value, std::string_view text) {
    double number = 0;
    if (parse_whole(text, number) != std::errc{})
        return Problem{"float_parsing", "Input should be a valid number, unable to parse string as a number"};
    if (auto problem = number_problem(number)) return problem;
    value = number;
    return std::nullopt;
}

std::optional<Problem> coerce_boolean(Value& value, std::string_view text) {
    static constexpr std::array<std::string_view, 6> yes{"true", "1", "yes", "on", "t", "y"};
    static constexpr std::array<std::string_view, 6> no{"false", "0", "no", "off", "f", "n"};
    const auto same = [&](std::string_view word) { return equal_ignoring_case(word, text); };
    const bool is_true = std::any_of(yes.begin(), yes.end(), same);
    if (!is_true && std::none_of(no.begin(), no.end(), same))
        return Problem{"bool_parsing", "Input should be a valid boolean, unable to interpret input"};
    value = is_true;
    return std::nullopt;
}

}  // namespace

std::optional<Problem> type_problem(const Schema& schema, const Value& value) {
    switch (schema.kind) {
        case Kind::boolean:
            if (value.if_bool()) return std::nullopt;
            return Problem{"bool_type", "Input should be a valid boolean"};
        case Kind::integer:
            return integer_problem(schema, value);
        case Kind::number:
            return number_problem(value);
        case Kind::string:
            return string_problem(value);
        case Kind::enumeration:
            return enumeration_problem(schema, value);
        default:
            return std::nullopt;
    }
}

std::optional<Problem> coerce(const Schema& schema, Value& value) {
    const std::string* text = value.if_string();
    if (!text) return type_problem(schema, value);
    const std::string trimmed{trim(*text)};
    switch (schema.kind) {
        case Kind::boolean:
            return coerce_boolean(value, trimmed);
        case Kind::integer:
            return coerce_integer(schema, value, trimmed);
        case Kind::number:
            return coerce_number(value, trimmed);
        default:
            return type_problem(schema, value);
    }
}

}  // namespace web::detail
