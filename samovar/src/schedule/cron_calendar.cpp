#include "schedule/cron_calendar.hpp"

#include <samovar/error.hpp>

namespace samovar::schedule {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::year_month_day;

constexpr int minutes_of_a_day = 24 * 60;

}  // namespace

CronCalendar::CronCalendar(const CrontabFields& fields)
    : minutes_(parse_field(minute_field, fields.minute)),
      hours_(parse_field(hour_field, fields.hour)),
      days_of_week_(parse_field(day_of_week_field, fields.day_of_week)),
      days_of_month_(parse_field(day_of_month_field, fields.day_of_month)),
      months_(parse_field(month_of_year_field, fields.month_of_year)) {
    if (some_day_exists()) return;
    throw ConfigurationError("day_of_month: '" + fields.day_of_month + "' is in none of the months '" +
                             fields.month_of_year +
                             "'; allowed: a day that at least one month of month_of_year has");
}

bool CronCalendar::some_day_exists() const {
    for (unsigned month = 1; month <= 12; ++month) {
        const auto last = std::chrono::year{2024} / std::chrono::month{month} / std::chrono::last;  // a leap year
        const CronSet existing = (CronSet{2} << static_cast<unsigned>(last.day())) - 1;
        if (contains(months_, month) && (days_of_month_ & existing) != 0) return true;
    }
    return false;
}

bool CronCalendar::matches(year_month_day day, std::chrono::weekday weekday) const {
    return contains(days_of_month_, static_cast<unsigned>(day.day())) &&
           contains(days_of_week_, weekday.c_encoding());
}

// Ends: every day that exists at all falls on each day of the week within 40 years.
local_days CronCalendar::first_day(local_days from) const {
    for (auto day = from;;) {
        const year_month_day date{day};
        if (!contains(months_, static_cast<unsigned>(date.month())))
            day = local_days{(date.year() / date.month() + std::chrono::months{1}) / 1};
        else if (matches(date, std::chrono::weekday{day}))
            return day;
        else
            day += days{1};
    }
}

int CronCalendar::minute_of_day(int from) const {
    for (int at = from; at < minutes_of_a_day;) {
        if (!contains(hours_, static_cast<unsigned>(at / 60)))
            at = (at / 60 + 1) * 60;
        else if (contains(minutes_, static_cast<unsigned>(at % 60)))
            return at;
        else
            ++at;
    }
    return -1;
}

WallMinute CronCalendar::next(WallMinute after) const {
    const auto earliest = after + minutes{1};
    const auto today = std::chrono::floor<days>(earliest);
    const auto day = first_day(today);
    const int left = minute_of_day(day == today ? static_cast<int>((earliest - today).count()) : 0);
    if (left >= 0) return day + minutes{left};
    return first_day(day + days{1}) + minutes{minute_of_day(0)};
}

}  // namespace samovar::schedule
