// What may be wrong with one value, in pydantic's words: its type (coerce.cpp), and a rule of its member
// (rules.cpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <samovar/value.hpp>

#include <web/detail/schema.hpp>

namespace web::detail {

struct Problem {
    /// "string_too_short", "int_parsing", ...
    std::string_view type;
    std::string message;
    /// pydantic's `ctx`: the limit that was broken. Empty: none.
    samovar::Object context{};
};

inline Problem value_error(const std::string& text) {
    return {"value_error", "Value error, " + text, {{"error", text}}};
}

/// Replaces `value` by the boolean, number or string that it stands for, as pydantic does when it is not strict:
/// "5" and 5.0 are 5 where an integer is wanted. It stays as it is when it stands for none.
std::optional<Problem> coerce(const Schema& schema, samovar::Value& value);

/// The first rule of `field` that `value`, of the right type, breaks.
std::optional<Problem> broken_rule(const SchemaField& field, samovar::Value& value);

/// A bound as a JSON number.
samovar::Value to_value(const Number& number);

}  // namespace web::detail
