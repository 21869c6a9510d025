#include "formats.hpp"

#include <algorithm>
#include <chrono>

namespace web::detail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

/// The number in `text[at, at + size)`, or -1 when that is not all digits.
int digits(std::string_view text, std::size_t at, std::size_t size) {
    if (at + size > text.size()) return -1;
    int number = 0;
    for (const char c : text.substr(at, size)) {
        if (!is_digit(c)) return -1;
        number = number * 10 + (c - '0');
    }
    return number;
}

bool is_local_character(char c) {
    static constexpr std::string_view symbols = "!#$%&'*+-/=?^_`{|}~.";
    return is_letter(c) || is_digit(c) || symbols.find(c) != std::string_view::npos;
}

std::optional<std::string> local_part_problem(std::string_view local) {
    if (local.empty()) return "There must be something before the @-sign.";
    if (local.size() > 64) return "The email address is too long before the @-sign.";
    if (!std::all_of(local.begin(), local.end(), is_local_character))
        return "The email address contains invalid characters before the @-sign.";
    if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos)
        return "A period cannot start, end or repeat before the @-sign.";
    return std::nullopt;
}

bool is_label(std::string_view label) {
    const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '-'; };
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), allowed);
}

std::optional<std::string> domain_problem(std::string_view domain) {
    if (domain.empty()) return "There must be something after the @-sign.";
    if (domain.find('.') == std::string_view::npos)
        return "The part after the @-sign is not valid. It should have a period.";
    for (std::size_t begin = 0; begin <= domain.size();) {
        const std::size_t end = std::min(domain.find('.', begin), domain.size());
        if (!is_label(domain.substr(begin, end - begin)))
            return "The part after the @-sign is not a valid domain.";
        begin = end + 1;
    }
    const std::string_view last = domain.substr(domain.rfind('.') + 1);
    if (std::all_of(last.begin(), last.end(), is_digit)) return "The part after the @-sign is not a valid domain.";
    return std::nullopt;
}

/// "Z" or "+03:00".
bool is_offset(std::string_view text) {
    if (text == "Z" || text == "z") return true;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
    const int hours = digits(text, 1, 2);
    const int minutes = digits(text, 4, 2);
    return hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60;
}

}  // namespace

std::optional<std::string> email_problem(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos) return "An email address must have an @-sign.";
    if (text.size() > 254) return "The email address is too long.";
    if (auto problem = local_part_problem(text.substr(0, at))) return problem;
    return domain_problem(text.substr(at + 1));
}

std::optional<std::string> date_problem(std::string_view text) {
    if (text.size() < 10) return "input is too short";
    const int year = digits(text, 0, 4);
    const int month = digits(text, 5, 2);
    const int day = digits(text, 8, 2);
    if (year < 0) return "invalid character in year";
    if (text[4] != '-' || text[7] != '-') return "invalid date separator, expected `-`";
    if (month < 0) return "invalid character in month";
    if (day < 0) return "invalid character in day";
    if (month < 1 || month > 12) return "month value is outside expected range of 1-12";
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (year == 0 || !date.ok()) return "day value is outside expected range";
    if (text.size() > 10) return "unexpected extra characters at the end of the input";
    return std::nullopt;
}

std::optional<std::string> date_time_problem(std::string_view text) {
    if (text.size() < 20) return "input is too short";
    if (auto problem = date_problem(text.substr(0, 10))) return problem;
    if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return "invalid datetime separator, expected `T`";
    const int hour = digits(text, 11, 2);
    const int minute = digits(text, 14, 2);
    const int second = digits(text, 17, 2);
    if (hour < 0 || minute < 0 || second < 0 || text[13] != ':' || text[16] != ':') return "invalid time";
    if (hour > 23 || minute > 59 || second > 59) return "time value is outside expected range";
    std::string_view rest = text.substr(19);
    if (rest.starts_with('.')) {
        const std::size_t end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
        if (end == 1) return "invalid fraction of a second";
        rest.remove_prefix(end);
    }
    if (!is_offset(rest)) return "an offset is expected, Z or +03:00";
    return std::nullopt;
}

}  // namespace web::detail
