// Types of scalar values: judged in JSON, read out of text.
#pragma once

#include <optional>

#include <web/detail/schema.hpp>

#include "problem.hpp"

namespace web::detail {

/// What keeps a JSON value from being of the schema's scalar type.
std::optional<Problem> type_problem(const Schema& schema, const samovar::Value& value);

/// Replaces text by the boolean, number or string it spells; `value` stays as it is when it spells none.
std::optional<Problem> coerce(const Schema& schema, samovar::Value& value);

}  // namespace web::detail
