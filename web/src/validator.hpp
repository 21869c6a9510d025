// Judges a value by a schema: the one place where types, rules and checks become errors.
#pragma once

#include <string>
#include <string_view>

#include <samovar/value.hpp>

#include <web/detail/binding.hpp>
#include <web/detail/schema.hpp>

namespace web::detail {

/// How an input's names appear in its errors.
struct Naming {
    /// First part of every loc: "body", "query", ...
    std::string_view source;
    /// Header names have hyphens where member names have underscores.
    bool hyphens = false;
};

/// Checks `value` and coerces its scalars in place. Every error goes to `errors`; true when there was none.
bool validate(const Schema& schema, samovar::Value& value, Naming naming, InputErrors& errors);

/// "x_session_id" -> "x-session-id" where the naming asks for it.
std::string display_name(std::string_view member, const Naming& naming);

/// The schema or anything inside it is marked secret.
bool holds_secret(const Schema& schema);

}  // namespace web::detail
