// When something runs again and again: at an interval, or at times of the calendar.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <samovar/clock.hpp>

namespace samovar {

/// The fields of a crontab, each in Celery's grammar: a list, separated by commas, of
///   *   */n   a   a-b   a-b/n
/// where a range may wrap (22-4, fri-mon), a step counts from the start of its range, `day_of_week` (0 is Sunday,
/// 7 is refused) takes the names of days and `month_of_year` those of months, by their first three letters in any
/// case. A minute matches when all five fields do: day of month AND day of week, unlike cron.
struct CrontabFields {
    std::string minute = "*";
    std::string hour = "*";
    std::string day_of_week = "*";
    std::string day_of_month = "*";
    std::string month_of_year = "*";
};

/// An endless row of slots, the moments at which something is to run. A value: copies are cheap.
///
/// Threads: const members from any.
class Schedule {
public:
    struct Rule;
    /// For every(), crontab() and parse_schedule(), which make schedules.
    explicit Schedule(std::shared_ptr<const Rule> rule);

    /// The first slot later than `after`. An interval counts from `anchor`, whose slots are anchor + n * period;
    /// a crontab does not look at it.
    WallTime next(WallTime after, WallTime anchor = {}) const;

    /// What parse_schedule() reads: "every 90s", "crontab 0 4 * * mon-fri Europe/Moscow".
    const std::string& text() const;

    bool operator==(const Schedule& other) const { return text() == other.text(); }

private:
    std::shared_ptr<const Rule> rule_;
};

/// Errors: ConfigurationError unless `period` is from 1 ms to 36500 days.
Schedule every(std::chrono::microseconds period);

/// Times by the clocks of `zone`, a name of the IANA database, which is read from the system
/// (/usr/share/zoneinfo). Each time of day on the wall is one slot, and runs once: one that comes twice when
/// clocks go back, at its first; one that is left out when they go forward, later by what was left out, and those
/// left out behind it not at all. Errors: ConfigurationError that names the field, or the zone, and what is
/// allowed.
Schedule crontab(const CrontabFields& fields, const std::string& zone = "UTC");

/// The five fields in the order of a crontab file: minute, hour, day of month, month of year, day of week.
/// Errors: as above, and when there are not five.
Schedule crontab(std::string_view fields, const std::string& zone = "UTC");

/// "every <number><unit>" with unit ms, s, m, h or d, or "crontab <five fields> [zone]". Errors:
/// ConfigurationError.
Schedule parse_schedule(std::string_view text);

}  // namespace samovar
