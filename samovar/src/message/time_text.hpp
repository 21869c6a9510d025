// ISO 8601 as Celery writes and reads it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <samovar/clock.hpp>

namespace samovar::message {

/// "2030-01-02T03:04:05.678901+00:00"; whole seconds omit the fraction.
/// Errors: std::out_of_range for years that Python does not have, before 1 and after 9999.
std::string format_time(WallTime time);

/// Reads a date and time with any offset, "Z", or none (then it is UTC), a fraction of one to nine digits or
/// none, 'T' or a space between. Digits beyond microseconds are cut. Empty: the text is no such
/// time, or one that format_time() refuses.
std::optional<WallTime> parse_time(std::string_view text);

}  // namespace samovar::message
