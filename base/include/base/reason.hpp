// What an exception says, made fit for people.
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

namespace samovar {

/// The bytes that a reason has at most.
inline constexpr std::size_t longest_reason = 400;

/// One line of at most `longest_reason` bytes: control characters become spaces, and what was cut off is "...".
std::string one_clause(std::string_view text);

/// what(), without the place in the source code that Boost's errors carry in it.
std::string text_of(const std::exception& error);

/// Both: for a log line, a terminal, or the text of another exception.
std::string reason_of(const std::exception& error);

}  // namespace samovar
