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

/// Reads what Celery 5.7 reads, which is what dateutil's isoparse does: a date (2030, 2030-01, 2030-01-02,
/// 20300102, 2030-W01-3, 2030-002), alone or with a time of day behind any one character: hours, hours and
/// minutes, or down to seconds with a fraction behind a point or a comma, with colons or without, and an offset,
/// "Z", or none (then it is UTC). 24:00 is the next day's midnight. Digits beyond microseconds are cut. Empty: the
/// text is no such time, or one that format_time() refuses.
std::optional<WallTime> parse_time(std::string_view text);

}  // namespace samovar::message
