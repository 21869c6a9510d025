// The minutes of the calendar that a crontab matches, by the clock on the wall. No I/O, no time zone.
#pragma once

#include <chrono>

#include <samovar/schedule.hpp>

#include "schedule/cron_field.hpp"

namespace samovar::schedule {

/// A minute as clocks on a wall show it.
using WallMinute = std::chrono::local_time<std::chrono::minutes>;

class CronCalendar {
public:
    /// Errors: ConfigurationError that names the field, or when no day of the calendar ever matches.
    explicit CronCalendar(const CrontabFields& fields);

    /// The first matching minute later than `after`.
    WallMinute next(WallMinute after) const;

private:
    bool matches(std::chrono::year_month_day day, std::chrono::weekday weekday) const;
    std::chrono::local_days first_day(std::chrono::local_days from) const;
    /// The first matching minute of a day that is `from` or later; -1: none is left.
    int minute_of_day(int from) const;
    bool some_day_exists() const;

    CronSet minutes_;
    CronSet hours_;
    CronSet days_of_week_;
    CronSet days_of_month_;
    CronSet months_;
};

}  // namespace samovar::schedule
