#include <fmt/format.h>

#include "base/utf8.hpp"
#include "formats.hpp"
#include "pattern.hpp"
#include "problem.hpp"

namespace web::detail {
namespace {

using samovar::Value;

std::string counted(std::size_t n, std::string_view noun) {
    return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::optional<Problem> broken_length(const Rules& rules, const std::string& text) {
    if (!rules.min_length && !rules.max_length) return std::nullopt;
    const std::size_t size = samovar::utf8::count(text).value_or(text.size());
    if (rules.min_length && size < *rules.min_length)
        return Problem{"string_too_short",
                       fmt::format("String should have at least {}", counted(*rules.min_length, "character")),
                       {{"min_length", *rules.min_length}}};
    if (rules.max_length && size > *rules.max_length)
        return Problem{"string_too_long",
                       fmt::format("String should have at most {}", counted(*rules.max_length, "character")),
                       {{"max_length", *rules.max_length}}};
    return std::nullopt;
}

std::optional<Problem> broken_length(const Rules& rules, const samovar::Array& list) {
    const auto problem = [&](std::string_view type, std::string_view bound, std::size_t limit,
                             std::string_view key) {
        return Problem{type,
                       fmt::format("List should have at {} {} after validation, not {}", bound,
                                   counted(limit, "item"), list.size()),
                       {{"field_type", "List"}, {std::string{key}, limit}, {"actual_length", list.size()}}};
    };
    if (rules.min_length && list.size() < *rules.min_length)
        return problem("too_short", "least", *rules.min_length, "min_length");
    if (rules.max_length && list.size() > *rules.max_length)
        return problem("too_long", "most", *rules.max_length, "max_length");
    return std::nullopt;
}

std::optional<Problem> broken_format(Format format, const std::string& text) {
    if (format == Format::email) {
        const auto reason = email_problem(text);
        if (!reason) return std::nullopt;
        return Problem{"value_error", "value is not a valid email address: " + *reason, {{"reason", *reason}}};
    }
    if (format == Format::date) {
        const auto reason = date_problem(text);
        if (!reason) return std::nullopt;
        return Problem{"date_parsing",
                       "Input should be a valid date in the format YYYY-MM-DD, " + *reason,
                       {{"error", *reason}}};
    }
    if (format == Format::date_time) {
        const auto reason = date_time_problem(text);
        if (!reason) return std::nullopt;
        return Problem{"datetime_parsing", "Input should be a valid datetime, " + *reason, {{"error", *reason}}};
    }
    return std::nullopt;
}

std::optional<Problem> broken_text(const SchemaField& field, const std::string& text) {
    if (auto problem = broken_length(field.rules, text)) return problem;
    if (field.pattern && !field.pattern->found_in(text))
        return Problem{"string_pattern_mismatch",
                       fmt::format("String should match pattern '{}'", field.rules.pattern),
                       {{"pattern", field.rules.pattern}}};
    return broken_format(field.rules.format, text);
}

// Every 64-bit integer and every double fits exactly.
long double wide(const Value& value) {
    if (const auto* i = value.if_int()) return static_cast<long double>(*i);
    if (const auto* u = value.if_uint()) return static_cast<long double>(*u);
    return static_cast<long double>(*value.if_double());
}

long double wide(const Number& number) {
    return std::visit([](auto n) { return static_cast<long double>(n); }, number);
}

std::string spelled(const Number& number) {
    return std::visit([](auto n) { return fmt::format("{}", n); }, number);
}

Problem bound_problem(std::string_view type, std::string_view relation, std::string_view key,
                      const Number& bound) {
    return {type,
            fmt::format("Input should be {} {}", relation, spelled(bound)),
            {{std::string{key}, to_value(bound)}}};
}

std::optional<Problem> broken_bound(const Rules& rules, const Value& value) {
    const long double number = wide(value);
    if (rules.ge && number < wide(*rules.ge))
        return bound_problem("greater_than_equal", "greater than or equal to", "ge", *rules.ge);
    if (rules.gt && number <= wide(*rules.gt))
        return bound_problem("greater_than", "greater than", "gt", *rules.gt);
    if (rules.le && number > wide(*rules.le))
        return bound_problem("less_than_equal", "less than or equal to", "le", *rules.le);
    if (rules.lt && number >= wide(*rules.lt)) return bound_problem("less_than", "less than", "lt", *rules.lt);
    return std::nullopt;
}

std::optional<Problem> broken_declared_rule(const SchemaField& field, const Value& value) {
    if (const std::string* text = value.if_string()) return broken_text(field, *text);
    if (const samovar::Array* list = value.if_array()) return broken_length(field.rules, *list);
    if (value.if_int() || value.if_uint() || value.if_double()) return broken_bound(field.rules, value);
    return std::nullopt;
}

}  // namespace

std::optional<Problem> broken_rule(const SchemaField& field, Value& value) {
    if (auto problem = broken_declared_rule(field, value)) return problem;
    if (!field.check) return std::nullopt;
    const auto text = field.check(value);
    return text ? std::optional{value_error(*text)} : std::nullopt;
}

Value to_value(const Number& number) {
    return std::visit([](auto n) { return Value{n}; }, number);
}

}  // namespace web::detail
