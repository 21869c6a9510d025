#include "message/time_text.hpp"

#include <cstdint>
#include <stdexcept>

namespace samovar::message {
namespace {

using namespace std::chrono;

// Takes a text apart from the left; once something does not fit, everything after it fails too.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool good() const { return good_; }
    bool at_end() const { return rest_.empty(); }

    bool accept(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    void expect(bool condition) { good_ = good_ && condition; }

    /// Exactly `count` digits.
    int digits(std::size_t count) {
        if (rest_.size() < count) return good_ = false, 0;
        int value = 0;
        for (const char c : rest_.substr(0, count)) {
            expect(c >= '0' && c <= '9');
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    /// One to nine digits as a fraction of a second.
    microseconds fraction() {
        std::size_t count = 0;
        std::int64_t value = 0;
        for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count) {
            if (count < 6) value = value * 10 + (rest_[count] - '0');
        }
        expect(count >= 1 && count <= 9);
        for (std::size_t i = count; i < 6; ++i) value *= 10;
        rest_.remove_prefix(count);
        return microseconds{value};
    }

private:
    std::string_view rest_;
    bool good_ = true;
};

sys_days scan_date(Scanner& in) {
    const year y{in.digits(4)};
    in.expect(in.accept('-'));
    const month m{static_cast<unsigned>(in.digits(2))};
    in.expect(in.accept('-'));
    const year_month_day date{y, m, day{static_cast<unsigned>(in.digits(2))}};
    in.expect(date.ok());
    return in.good() ? sys_days{date} : sys_days{};
}

microseconds scan_time_of_day(Scanner& in) {
    const int h = in.digits(2);
    in.expect(in.accept(':'));
    const int m = in.digits(2);
    int s = 0;
    microseconds fraction{0};
    if (in.accept(':')) {
        s = in.digits(2);
        if (in.accept('.')) fraction = in.fraction();
    }
    in.expect(h < 24 && m < 60 && s < 60);
    return hours{h} + minutes{m} + seconds{s} + fraction;
}

// East of UTC is positive. No offset means UTC.
seconds scan_offset(Scanner& in) {
    if (in.at_end() || in.accept('Z') || in.accept('z')) return seconds{0};
    const bool west = in.accept('-');
    in.expect(west || in.accept('+'));
    const int h = in.digits(2);
    const bool colon = in.accept(':');
    const int m = colon || !in.at_end() ? in.digits(2) : 0;
    const int s = colon && in.accept(':') ? in.digits(2) : 0;
    in.expect(h < 24 && m < 60 && s < 60);
    const seconds offset = hours{h} + minutes{m} + seconds{s};
    return west ? -offset : offset;
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
    Scanner in{text};
    const sys_days date = scan_date(in);
    in.expect(in.accept('T') || in.accept(' ') || in.accept('t'));
    const microseconds of_day = scan_time_of_day(in);
    const seconds offset = scan_offset(in);
    in.expect(in.at_end());
    if (!in.good()) return std::nullopt;
    const WallTime time{date.time_since_epoch() + of_day - offset};
    return has_text(time) ? std::optional{time} : std::nullopt;
}

}  // namespace samovar::message
