// Dates and times as databases spell them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <samovar/clock.hpp>

namespace localtea::db {

/// "2025-03-09". Requires: a valid date of the years 0 to 9999.
std::string format_date(std::chrono::year_month_day date);
/// Nothing unless exactly YYYY-MM-DD and a date that exists.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text);
/// "2025-03-09 07:05:01.000250+00", to the microsecond.
std::string format_time(samovar::WallTime time);

}  // namespace localtea::db
