// A member's declared rules, applied to a value whose type is right.
#pragma once

#include <optional>

#include <web/detail/schema.hpp>

#include "problem.hpp"

namespace web::detail {

/// The first rule of `field` that `value` breaks.
std::optional<Problem> broken_rule(const SchemaField& field, const samovar::Value& value);

/// A bound as a JSON number.
samovar::Value to_value(const Number& number);

}  // namespace web::detail
