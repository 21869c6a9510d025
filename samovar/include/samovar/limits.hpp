// Rate limits as values, in the grammar of Python's `limits` library. limiter.hpp counts against them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace samovar::limits {

/// A month has 30 days and a year twelve of those.
enum class Unit : std::uint8_t { second, minute, hour, day, month, year };

/// So much in so long: "5 per 2 hours".
struct Limit {
    /// What fits into a window. Zero: nothing is let through.
    std::int64_t amount = 0;
    /// Units in a window, at least 1.
    std::int64_t multiples = 1;
    Unit unit = Unit::minute;

    std::chrono::seconds window() const;
    /// As Python's library and slowapi write it: "3 per 1 minute".
    std::string str() const;

    bool operator==(const Limit&) const = default;
};

/// Reads one or several limits separated by `;`, `,` or `|`. Each is an amount, `/` or `per`, perhaps a number of
/// units, and second, minute, hour, day, month or year, in any case, with or without an s: "3/minute",
/// "5 per 2 hours; 100/day". No multiples, or 0, count as 1.
/// Errors: ConfigurationError that names the piece and what was expected: no limit at all, another form, an amount
/// over 1,000,000,000, a window over 100 years.
std::vector<Limit> parse(std::string_view text);

enum class Strategy : std::uint8_t {
    /// Begins with the first hit; refused hits count, too.
    fixed_window,
    /// Exact: no stretch of the window's length ever holds more. Costs one list entry for each unit of cost.
    moving_window,
    /// Between the two: the window before counts by the share of it that is still within reach.
    sliding_window_counter,
};

/// "fixed-window", "moving-window", "sliding-window-counter".
std::string_view strategy_name(Strategy strategy);
/// Empty for another name.
std::optional<Strategy> parse_strategy(std::string_view name);

/// What a check gets while the store cannot be asked.
enum class OnStoreDown : std::uint8_t {
    /// The same limits, counted in this process's memory.
    local,
    allow,
    deny,
};

}  // namespace samovar::limits
