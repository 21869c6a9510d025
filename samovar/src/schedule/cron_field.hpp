// One field of a crontab, from text to the set of its values. No I/O.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace samovar::schedule {

/// Bit n is set: value n matches.
using CronSet = std::uint64_t;

/// What a field may hold.
struct CronField {
    std::string_view name;
    int lowest = 0;
    int highest = 0;
    /// Names of the values from `lowest` on, by their first three letters; empty: numbers only.
    std::span<const std::string_view> names = {};
    /// Example of a name, for error messages.
    std::string_view example = {};
};

extern const CronField minute_field;
extern const CronField hour_field;
extern const CronField day_of_week_field;
extern const CronField day_of_month_field;
extern const CronField month_of_year_field;

/// Errors: ConfigurationError that names the field and what is allowed.
CronSet parse_field(const CronField& field, std::string_view text);

inline bool contains(CronSet set, unsigned value) { return (set >> value & 1U) != 0; }

}  // namespace samovar::schedule
