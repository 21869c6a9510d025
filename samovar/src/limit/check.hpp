// A check as the stores see it: counters with their keys.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <samovar/limiter.hpp>

namespace samovar::limits {

/// One hit, ready to be counted.
struct Counter {
    /// {prefix}LIMITER/{identifiers...}/{amount}/{multiples}/{unit}; the sliding window's key has braces around
    /// what follows the prefix.
    std::string key;
    std::int64_t amount = 0;
    std::chrono::seconds window{0};
    std::int64_t cost = 1;
};

enum class Mode : std::uint8_t { in_order, all_or_nothing, test };

/// Errors: ConfigurationError for a hit without identifiers or with a cost out of bounds.
std::vector<Counter> make_counters(const std::vector<Hit>& hits, Strategy strategy, std::string_view prefix);

/// "minute"
std::string_view unit_name(Unit unit);

/// The sliding window's key of the window before.
std::string previous_key(std::string_view key);

}  // namespace samovar::limits
