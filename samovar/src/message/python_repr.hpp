// Arguments as Python would show them, for the informative headers argsrepr and kwargsrepr.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <samovar/value.hpp>

namespace samovar::message {

/// `repr(value)` of the Python value: None, True, 'it', "it's", [1, 2.5], {'k': 1}.
std::string python_repr(const Value& value);

/// Celery's limit on argsrepr and kwargsrepr, in characters.
inline constexpr std::size_t repr_limit = 1024;

/// Positional arguments as a tuple, "(2, 3)" or "('a',)", cut with "..." around `limit` characters where and
/// how Celery cuts.
std::string args_repr(const Array& args, std::size_t limit = repr_limit);

/// Named arguments as a dict, "{'k': 1}", cut likewise.
std::string kwargs_repr(const Object& kwargs, std::size_t limit = repr_limit);

/// What stands in place of arguments that must not be seen.
inline constexpr std::string_view redacted_repr = "<redacted>";

}  // namespace samovar::message
