#include "schedule/cron_field.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <samovar/error.hpp>

namespace samovar::schedule {
namespace {

constexpr std::array<std::string_view, 7> day_names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<std::string_view, 12> month_names{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};

std::string allowed(const CronField& field) {
    auto text = fmt::format("*, a number from {} to {}", field.lowest, field.highest);
    if (!field.names.empty()) text += fmt::format(" or a name like {}", field.example);
    return text + ", a range a-b, either with a step (*/n, a-b/n), or a list of these";
}

[[noreturn]] void refuse(const CronField& field, std::string_view part, std::string_view why) {
    throw ConfigurationError(fmt::format("{}: '{}' {}; allowed: {}", field.name, part, why, allowed(field)));
}

std::string_view without_spaces_around(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool is_word(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

/// The position of a name among the field's; -1: there is none.
int find_name(const CronField& field, std::string_view text) {
    if (text.size() < 3 || !is_word(text)) return -1;
    std::string start{text.substr(0, 3)};
    std::ranges::transform(start, start.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    const auto found = std::ranges::find(field.names, start);
    return found == field.names.end() ? -1 : static_cast<int>(found - field.names.begin());
}

/// -1: `text` is no number, or a very long one.
int read_number(std::string_view text) {
    int number = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && text.front() != '-' ? number : -1;
}

int read_value(const CronField& field, std::string_view part, std::string_view text) {
    if (const int named = find_name(field, text); named >= 0) return field.lowest + named;
    const int number = read_number(text);
    if (number < 0) refuse(field, part, "is not understood");
    if (number < field.lowest || number > field.highest) refuse(field, part, "is out of range");
    return number;
}

/// From `first` to `last`, around the end of the field where `last` is lower, every `step`th.
CronSet range(const CronField& field, int first, int last, int step) {
    const int count = field.highest - field.lowest + 1;
    const int length = (last - first + count) % count;
    CronSet set = 0;
    for (int i = 0; i <= length; i += step)
        set |= CronSet{1} << (field.lowest + (first - field.lowest + i) % count);
    return set;
}

CronSet parse_part(const CronField& field, std::string_view part) {
    const auto slash = part.find('/');
    const auto numbers = part.substr(0, slash);
    const bool stepped = slash != std::string_view::npos;
    // A step beyond the field leaves the first value alone; the bound keeps the sum in an int.
    const int step = stepped ? std::min(read_number(part.substr(slash + 1)), 1000) : 1;
    if (step < 1) refuse(field, part, "has no step of 1 or more");
    if (numbers == "*") return range(field, field.lowest, field.highest, step);
    const auto dash = numbers.find('-');
    if (dash != std::string_view::npos) {
        const int first = read_value(field, part, numbers.substr(0, dash));
        return range(field, first, read_value(field, part, numbers.substr(dash + 1)), step);
    }
    if (stepped) refuse(field, part, "has a step without a range");
    return CronSet{1} << read_value(field, part, numbers);
}

}  // namespace

const CronField minute_field{"minute", 0, 59};
const CronField hour_field{"hour", 0, 23};
const CronField day_of_week_field{"day_of_week", 0, 6, day_names, "mon"};
const CronField day_of_month_field{"day_of_month", 1, 31};
const CronField month_of_year_field{"month_of_year", 1, 12, month_names, "jan"};

CronSet parse_field(const CronField& field, std::string_view text) {
    CronSet set = 0;
    for (std::size_t start = 0; start <= text.size();) {
        const auto end = std::min(text.find(',', start), text.size());
        const auto part = without_spaces_around(text.substr(start, end - start));
        if (part.empty()) refuse(field, text, "has an empty part");
        set |= parse_part(field, part);
        start = end + 1;
    }
    return set;
}

}  // namespace samovar::schedule
