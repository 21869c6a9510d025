#include "message/time_text.hpp"

#include <array>
#include <cstdint>
#include <stdexcept>

#include "base/text.hpp"

namespace samovar::message {
namespace {

using namespace std::chrono;

/// A whole number as Python's int() reads one: white space around it, a sign, single underscores within.
std::optional<int> integer_in(std::string_view text) {
    text = trim(text);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
    int value = 0;
    bool after_digit = false;
    for (const char c : text) {
        const bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && (c != '_' || !after_digit)) return std::nullopt;
        if (is_digit) value = value * 10 + (c - '0');
        after_digit = is_digit;
    }
    if (!after_digit) return std::nullopt;
    return negative ? -value : value;
}

/// What Python's slice gives: less than `count` characters, or none, where the text ends before.
std::string_view part(std::string_view text, std::size_t at, std::size_t count) {
    return at < text.size() ? text.substr(at, count) : std::string_view{};
}

struct DatePart {
    year_month_day date;
    std::size_t end;
};

std::optional<DatePart> date_of(std::optional<int> y, std::optional<int> m, std::optional<int> d,
                                std::size_t end) {
    if (!y || !m || !d) return std::nullopt;
    // What is no month or day stays wrong when it is made one of these.
    const auto small = [](int n) { return static_cast<unsigned>(n < 0 || n > 99 ? 99 : n); };
    return DatePart{year{*y} / month{small(*m)} / day{small(*d)}, end};
}

/// YYYY, YYYY-MM, YYYY-MM-DD, YYYYMMDD.
std::optional<DatePart> common_date(std::string_view text) {
    const auto y = integer_in(part(text, 0, 4));
    if (text.size() == 4) return date_of(y, 1, 1, 4);
    const std::size_t dash = text[4] == '-' ? 1 : 0;
    const std::size_t at = 4 + dash;
    if (text.size() < at + 2) return std::nullopt;
    const auto m = integer_in(part(text, at, 2));
    if (text.size() == at + 2) return dash == 1 ? date_of(y, m, 1, at + 2) : std::nullopt;
    if (dash == 1 && text[at + 2] != '-') return std::nullopt;
    if (text.size() < at + 4 + dash) return std::nullopt;
    return date_of(y, m, integer_in(part(text, at + 2 + dash, 2)), at + 4 + dash);
}

/// YYYY-Www, YYYY-Www-D and the same without dashes: weeks begin on Monday, the first one holds January 4th.
std::optional<DatePart> week_date(std::string_view text, int y, std::size_t at, std::size_t dash) {
    const auto week = integer_in(part(text, at, 2));
    at += 2;
    std::optional<int> weekday_number = 1;
    if (text.size() > at) {
        if ((text[at] == '-') != (dash == 1)) return std::nullopt;
        weekday_number = integer_in(part(text, at + dash, 1));
        at += dash + 1;
    }
    if (!week || *week < 1 || *week > 53 || !weekday_number || *weekday_number < 1 || *weekday_number > 7)
        return std::nullopt;
    const sys_days fourth{year{y} / January / 4};
    const sys_days first_monday = fourth - (weekday{fourth} - Monday);
    return DatePart{first_monday + days{(*week - 1) * 7 + *weekday_number - 1}, at};
}

/// YYYY-DDD, YYYYDDD.
std::optional<DatePart> ordinal_date(std::string_view text, int y, std::size_t at) {
    const auto ordinal = text.size() < at + 3 ? std::nullopt : integer_in(part(text, at, 3));
    if (!ordinal || *ordinal < 1 || *ordinal > (year{y}.is_leap() ? 366 : 365)) return std::nullopt;
    return DatePart{sys_days{year{y} / January / 1} + days{*ordinal - 1}, at + 3};
}

std::optional<DatePart> read_date(std::string_view text) {
    if (text.size() < 4) return std::nullopt;
    if (const auto common = common_date(text)) return common->date.ok() ? common : std::nullopt;
    const auto y = integer_in(part(text, 0, 4));
    if (!y || *y < 1) return std::nullopt;
    const std::size_t dash = part(text, 4, 1) == "-" ? 1 : 0;
    if (part(text, 4 + dash, 1) == "W") return week_date(text, *y, 5 + dash, dash);
    return ordinal_date(text, *y, 4 + dash);
}

/// East of UTC is positive: Z, +hh, +hhmm, +hh:mm.
std::optional<seconds> read_offset(std::string_view text) {
    if (text == "Z" || text == "z") return seconds{0};
    if (text.size() != 3 && text.size() != 5 && text.size() != 6) return std::nullopt;
    if (text[0] != '-' && text[0] != '+') return std::nullopt;
    const auto h = integer_in(text.substr(1, 2));
    const auto m = text.size() == 3 ? std::optional{0} : integer_in(text.substr(text[3] == ':' ? 4 : 3));
    if (!h || !m || *h > 23 || *m > 59) return std::nullopt;
    const seconds offset = hours{*h} + minutes{*m};
    return text[0] == '-' ? -offset : offset;
}

/// Digits behind a point or a comma; what is beyond microseconds is cut. Returns the characters that it took.
std::size_t read_fraction(std::string_view text, microseconds* fraction) {
    if (text.empty() || (text[0] != '.' && text[0] != ',')) return 0;
    std::size_t end = 1;
    std::int64_t value = 0;
    for (; end < text.size() && text[end] >= '0' && text[end] <= '9'; ++end)
        if (end <= 6) value = value * 10 + (text[end] - '0');
    if (end == 1) return 0;
    for (std::size_t digits = end - 1; digits < 6; ++digits) value *= 10;
    *fraction = microseconds{value};
    return end;
}

struct TimeOfDay {
    microseconds local;
    seconds offset;
};

/// hh, hhmm, hhmmss and the same with colons, a fraction behind the seconds, an offset behind any of them.
std::optional<TimeOfDay> read_time_of_day(std::string_view text) {
    std::array<int, 3> parts{};  // hours, minutes, seconds
    microseconds fraction{0};
    seconds offset{0};
    bool colons = false;
    std::size_t at = 0;
    const auto reads_offset = [&] {
        return at < text.size() && std::string_view{"-+Zz"}.find(text[at]) != std::string_view::npos;
    };
    if (text.size() < 2) return std::nullopt;
    for (std::size_t i = 0; i < parts.size() && at < text.size() && !reads_offset(); ++i) {
        if (i == 1) colons = text[at] == ':';
        if (i > 0 && colons && text[at++] != ':') return std::nullopt;
        const auto number = integer_in(part(text, at, 2));
        if (!number) return std::nullopt;
        parts[i] = *number;
        at += 2;
        if (i == 2) at += at < text.size() ? read_fraction(text.substr(at), &fraction) : 0;
    }
    if (reads_offset()) {
        const auto read = read_offset(text.substr(at));
        if (!read) return std::nullopt;
        offset = *read;
    } else if (at < text.size()) {
        return std::nullopt;
    }
    const auto [h, m, s] = parts;
    const bool midnight = h == 24 && m == 0 && s == 0 && fraction == microseconds{0};
    if (h < 0 || m < 0 || s < 0 || (h > 23 && !midnight) || m > 59 || s > 59) return std::nullopt;
    return TimeOfDay{hours{h} + minutes{m} + seconds{s} + fraction, offset};
}

// Python has the years 1 to 9999, and four digits are all the text has room for.
bool has_text(WallTime time) { return time >= sys_days{January / 1 / 1} && time < sys_days{January / 1 / 10'000}; }

// Exactly `width` digits of a number that is not negative.
void append_digits(std::string& out, std::int64_t number, std::size_t width) {
    out.append(width, '0');
    for (auto at = out.rbegin(); number > 0; ++at, number /= 10) *at = static_cast<char>('0' + number % 10);
}

}  // namespace

std::string format_time(WallTime time) {
    if (!has_text(time)) throw std::out_of_range("a time outside the years 1 to 9999 has no ISO 8601 text");
    const auto date = floor<days>(time);
    const year_month_day ymd{date};
    const hh_mm_ss clock{time - date};
    std::string text;
    text.reserve(32);
    append_digits(text, static_cast<int>(ymd.year()), 4);
    append_digits(text += '-', static_cast<unsigned>(ymd.month()), 2);
    append_digits(text += '-', static_cast<unsigned>(ymd.day()), 2);
    append_digits(text += 'T', clock.hours().count(), 2);
    append_digits(text += ':', clock.minutes().count(), 2);
    append_digits(text += ':', clock.seconds().count(), 2);
    if (const auto fraction = clock.subseconds().count()) append_digits(text += '.', fraction, 6);
    return text += "+00:00";
}

std::optional<WallTime> parse_time(std::string_view text) {
    const auto date = read_date(text);
    if (!date) return std::nullopt;
    TimeOfDay of_day{};
    if (date->end < text.size()) {
        // Any one character stands between date and time.
        const auto read = read_time_of_day(text.substr(date->end + 1));
        if (!read) return std::nullopt;
        of_day = *read;
    }
    const WallTime local = sys_days{date->date} + of_day.local;
    const WallTime time = local - of_day.offset;
    return has_text(local) && has_text(time) ? std::optional{time} : std::nullopt;
}

}  // namespace samovar::message
