#include <samovar/limits.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include <samovar/error.hpp>

#include "limit/check.hpp"

namespace samovar::limits {
namespace {

constexpr std::int64_t most_amount = 1'000'000'000;
constexpr std::chrono::seconds longest_window{100LL * 360 * 24 * 3'600};
constexpr std::string_view separators = ",;|";

struct UnitWord {
    std::string_view name;
    std::chrono::seconds length;
};

// In the order of Unit.
constexpr std::array units{
    UnitWord{"second", std::chrono::seconds{1}}, UnitWord{"minute", std::chrono::minutes{1}},
    UnitWord{"hour", std::chrono::hours{1}},     UnitWord{"day", std::chrono::days{1}},
    UnitWord{"month", std::chrono::days{30}},    UnitWord{"year", std::chrono::days{12 * 30}},
};

const UnitWord& word_of(Unit unit) { return units.at(static_cast<std::size_t>(unit)); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
bool is_space(char c) { return std::string_view{" \t\n\r\f\v"}.find(c) != std::string_view::npos; }

/// Reads one limit from its text, piece by piece.
class PieceReader {
public:
    explicit PieceReader(std::string_view text) : text_(text), rest_(text) {}

    Limit read() {
        Limit limit;
        limit.amount = number("an amount such as the 3 of 3/minute");
        if (limit.amount > most_amount) fail(fmt::format("an amount of at most {}", most_amount));
        if (!take("/") && !take("per")) fail("/ or per after the amount");
        skip_space();
        if (!rest_.empty() && is_digit(rest_.front())) limit.multiples = std::max<std::int64_t>(1, number(""));
        limit.unit = unit();
        if (!rest_.empty()) fail("nothing after the unit but another limit behind ; , or |");
        if (limit.multiples > longest_window / word_of(limit.unit).length) fail("a window of at most 100 years");
        return limit;
    }

private:
    [[noreturn]] void fail(std::string_view expected) const {
        throw ConfigurationError{fmt::format("'{}' is not a rate limit: expected {}", text_, expected)};
    }

    void skip_space() {
        while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
    }

    template <class Predicate>
    std::string_view run_of(Predicate belongs) {
        skip_space();
        const auto end = std::ranges::find_if_not(rest_, belongs);
        const auto run = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(run.size());
        return run;
    }

    std::int64_t number(std::string_view expected) {
        const auto digits = run_of(is_digit);
        if (digits.empty()) fail(expected);
        std::int64_t value = 0;
        const auto [_, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error != std::errc{}) fail("numbers of at most 18 digits");
        return value;
    }

    bool take(std::string_view word) {
        skip_space();
        if (!std::ranges::equal(rest_.substr(0, word.size()), word, {}, lower)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    Unit unit() {
        std::string name;
        std::ranges::transform(run_of(is_letter), std::back_inserter(name), lower);
        skip_space();
        for (std::size_t i = 0; i < units.size(); ++i)
            if (name == units[i].name || name == std::string{units[i].name} + "s") return static_cast<Unit>(i);
        fail("second, minute, hour, day, month or year");
    }

    std::string_view text_;
    std::string_view rest_;
};

}  // namespace

std::string_view unit_name(Unit unit) { return word_of(unit).name; }

std::chrono::seconds Limit::window() const { return word_of(unit).length * multiples; }

std::string Limit::str() const { return fmt::format("{} per {} {}", amount, multiples, unit_name(unit)); }

std::vector<Limit> parse(std::string_view text) {
    std::vector<Limit> limits;
    for (;;) {
        const auto end = std::min(text.find_first_of(separators), text.size());
        limits.push_back(PieceReader{text.substr(0, end)}.read());
        if (end == text.size()) return limits;
        text.remove_prefix(end + 1);
    }
}

std::vector<Hit> hits(const std::vector<Limit>& limits, const std::vector<std::string>& identifiers,
                      std::int64_t cost) {
    std::vector<Hit> made;
    made.reserve(limits.size());
    for (const auto& limit : limits) made.push_back({limit, identifiers, cost});
    return made;
}

}  // namespace samovar::limits
