#include <samovar/schedule.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <samovar/error.hpp>

#include "schedule/cron_calendar.hpp"
#include "schedule/zone.hpp"

namespace samovar {
namespace {

using std::chrono::microseconds;

constexpr microseconds shortest = std::chrono::milliseconds{1};
constexpr microseconds longest = std::chrono::days{36'500};

struct Unit {
    std::string_view name;
    microseconds length;
};
constexpr std::array units{Unit{"d", std::chrono::days{1}}, Unit{"h", std::chrono::hours{1}},
                           Unit{"m", std::chrono::minutes{1}}, Unit{"s", std::chrono::seconds{1}},
                           Unit{"ms", std::chrono::milliseconds{1}}};

struct Interval {
    microseconds period;

    WallTime next(WallTime after, WallTime anchor) const {
        const auto passed = after - anchor;
        auto slots = passed / period;
        if (passed % period < microseconds{0}) --slots;
        return anchor + (slots + 1) * period;
    }
};

struct Crontab {
    schedule::CronCalendar calendar;
    schedule::Zone zone;

    // Where clocks were put back, the wall shows for a second time what has run.
    WallTime next(WallTime after, WallTime) const {
        auto wall = calendar.next(zone.wall(after));
        while (zone.instant(wall) <= after) wall = calendar.next(wall);
        return zone.instant(wall);
    }
};

std::string interval_text(microseconds period) {
    if (period == microseconds{0}) return "every 0s";
    for (const auto& unit : units)
        if (period % unit.length == microseconds{0})
            return fmt::format("every {}{}", period / unit.length, unit.name);
    return fmt::format("every {}ms", static_cast<double>(period.count()) / 1000);
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    for (std::size_t start = 0; (start = text.find_first_not_of(" \t", start)) != std::string_view::npos;) {
        const auto end = std::min(text.find_first_of(" \t", start), text.size());
        words.push_back(text.substr(start, end - start));
        start = end;
    }
    return words;
}

CrontabFields fields_of(const std::vector<std::string_view>& words) {
    if (words.size() < 5)
        throw ConfigurationError(fmt::format(
            "crontab: '{}' has {} of the five fields that are needed: minute, hour, day of month, month of "
            "year, day of week",
            fmt::join(words, " "), words.size()));
    return {.minute = std::string{words[0]},
            .hour = std::string{words[1]},
            .day_of_week = std::string{words[4]},
            .day_of_month = std::string{words[2]},
            .month_of_year = std::string{words[3]}};
}

[[noreturn]] void refuse_interval(std::string_view text) {
    throw ConfigurationError(fmt::format(
        "every: '{}' is not understood; allowed: a number with its unit (ms, s, m, h or d), from 1ms to 36500d",
        text));
}

microseconds read_interval(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit_name{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    const auto* unit = std::ranges::find(units, unit_name, &Unit::name);
    if (error != std::errc{} || unit == units.end()) refuse_interval(text);
    const double length = number * static_cast<double>(unit->length.count());
    // Not the opposite comparisons: they are false of what is no number.
    const bool within =
        length >= static_cast<double>(shortest.count()) && length <= static_cast<double>(longest.count());
    if (!within) refuse_interval(text);
    return microseconds{std::llround(length)};
}

std::string without_spaces(const std::string& field) {
    std::string text = field;
    std::erase(text, ' ');
    return text;
}

}  // namespace

struct Schedule::Rule {
    std::variant<Interval, Crontab> slots;
    std::string text;
};

Schedule::Schedule(std::shared_ptr<const Rule> rule) : rule_(std::move(rule)) {}

WallTime Schedule::next(WallTime after, WallTime anchor) const {
    return std::visit([&](const auto& slots) { return slots.next(after, anchor); }, rule_->slots);
}

const std::string& Schedule::text() const { return rule_->text; }

Schedule every(microseconds period) {
    if (period < shortest || period > longest) refuse_interval(interval_text(period).substr(6));
    return Schedule{std::make_shared<Schedule::Rule>(Interval{period}, interval_text(period))};
}

Schedule crontab(const CrontabFields& fields, const std::string& zone) {
    auto text = fmt::format("crontab {} {} {} {} {}", without_spaces(fields.minute), without_spaces(fields.hour),
                            without_spaces(fields.day_of_month), without_spaces(fields.month_of_year),
                            without_spaces(fields.day_of_week));
    if (zone != "UTC") text += " " + zone;
    return Schedule{std::make_shared<Schedule::Rule>(Crontab{schedule::CronCalendar{fields}, schedule::Zone{zone}},
                                                     std::move(text))};
}

Schedule crontab(std::string_view fields, const std::string& zone) {
    const auto words = words_of(fields);
    if (words.size() > 5)
        throw ConfigurationError(
            "crontab: more than the five fields minute, hour, day of month, month of year, day "
            "of week");
    return crontab(fields_of(words), zone);
}

Schedule parse_schedule(std::string_view text) {
    const auto words = words_of(text);
    if (words.size() == 2 && words[0] == "every") return every(read_interval(words[1]));
    if (words.size() > 1 && words.size() <= 7 && words[0] == "crontab") {
        const std::vector<std::string_view> fields{words.begin() + 1, words.end()};
        return crontab(fields_of(fields), fields.size() == 6 ? std::string{fields[5]} : "UTC");
    }
    throw ConfigurationError(
        fmt::format("schedule: '{}' is not understood; allowed: every 90s, or crontab with five fields and "
                    "perhaps a time zone, "
                    "such as crontab 0 4 * * mon-fri Europe/Moscow",
                    text));
}

}  // namespace samovar
