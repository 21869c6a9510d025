#include "domain/profile.hpp"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "domain/unicode.hpp"

namespace localtea::domain {
namespace {

constexpr std::size_t min_phone_digits = 10;
constexpr std::size_t max_phone_digits = 15;

Checked<std::string> visible_text(std::string_view text, std::size_t max_characters) {
    const std::string_view trimmed = samovar::trim(text);
    if (trimmed.empty()) return Violation{"string_too_short", "Значение не может быть пустым"};
    if (!is_visible(trimmed)) return Violation{"value_error", "Уберите переводы строк и невидимые символы"};
    if (samovar::utf8::count(trimmed) > max_characters)
        return Violation{"string_too_long", fmt::format("Не больше {} символов", max_characters)};
    return std::string{trimmed};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The digits, when there is nothing else but an optional leading plus and the usual punctuation.
std::optional<std::string> phone_digits(std::string_view text) {
    constexpr std::string_view punctuation = " -.()";
    std::string digits;
    for (char c : text) {
        if (is_digit(c))
            digits += c;
        else if (punctuation.find(c) == std::string_view::npos)
            return std::nullopt;
    }
    return digits;
}

/// A Russian number as dialled at home gets the country's code.
std::string international(std::string digits) {
    if (digits.size() == 11 && digits.front() == '8') digits.front() = '7';
    if (digits.size() == 10 && digits.front() == '9') digits.insert(0, 1, '7');
    return digits;
}

std::optional<int> number(std::string_view digits) {
    int value = 0;
    for (char c : digits)
        if (!is_digit(c)) return std::nullopt;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = number(text.substr(0, 4));
    const auto month = number(text.substr(5, 2));
    const auto day = number(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    return date.ok() ? std::optional{date} : std::nullopt;
}

}  // namespace

Checked<std::string> normalise_username(std::string_view text) {
    return visible_text(text, max_username_characters);
}

Checked<std::string> normalise_name(std::string_view text) { return visible_text(text, max_name_characters); }

Checked<std::string> normalise_address(std::string_view text) {
    return visible_text(text, max_address_characters);
}

Checked<std::string> normalise_postal_code(std::string_view text) {
    return visible_text(text, max_postal_code_characters);
}

Checked<std::string> normalise_phone(std::string_view text) {
    std::string_view rest = samovar::trim(text);
    const bool has_plus = rest.starts_with('+');
    if (has_plus) rest.remove_prefix(1);
    auto digits = phone_digits(rest);
    if (digits && !has_plus) digits = international(std::move(*digits));
    if (!digits || digits->size() < min_phone_digits || digits->size() > max_phone_digits)
        return Violation{"value_error", fmt::format("Номер телефона: от {} до {} цифр, например +79123456789",
                                                    min_phone_digits, max_phone_digits)};
    return "+" + *digits;
}

Checked<std::chrono::year_month_day> parse_birthdate(std::string_view text, std::chrono::year_month_day today) {
    const auto date = parse_date(text);
    if (!date) return Violation{"date_parsing", "Дата рождения пишется как ГГГГ-ММ-ДД"};
    if (date->year() < std::chrono::year{1900} || *date > today)
        return Violation{"value_error", "Дата рождения должна быть не раньше 1900 года и не в будущем"};
    return *date;
}

}  // namespace localtea::domain
