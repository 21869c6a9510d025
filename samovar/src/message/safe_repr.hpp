// Values as Celery shows them to people: in the headers argsrepr and kwargsrepr and in events.
//
// It is nearly Python's repr: strings stand in single quotes with only those escaped, what is nested more than
// three deep becomes [...] or {...}, and the whole is cut with "..." near a limit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <samovar/value.hpp>

namespace samovar::message {

/// Celery's limit on argsrepr, kwargsrepr and the result in events, in characters. Where the cut falls decides
/// how many more there are: brackets are always closed.
inline constexpr std::size_t repr_limit = 1024;

/// None, True, 2.5, 'it\'s', [1, 2], {'k': 1}.
std::string safe_repr(const Value& value, std::size_t limit = repr_limit);

/// Positional arguments as a tuple: "(2, 3)", "('a',)".
std::string args_repr(const Array& args, std::size_t limit = repr_limit);

/// Named arguments as a dict: "{'k': 1}".
std::string kwargs_repr(const Object& kwargs, std::size_t limit = repr_limit);

/// What stands in place of arguments that must not be seen.
inline constexpr std::string_view redacted_repr = "<redacted>";

}  // namespace samovar::message
