#include "limit/check.hpp"

#include <array>

#include <fmt/format.h>

#include <samovar/error.hpp>

namespace samovar::limits {
namespace {

constexpr std::string_view key_namespace = "LIMITER";
constexpr std::int64_t most_cost = 1'000'000'000;
// A moving window keeps an entry for each unit, and writing them blocks the store.
constexpr std::int64_t most_entries = 10'000;

std::string key_of(const Hit& hit, std::string_view prefix, bool braced) {
    std::string key{prefix};
    key.append(braced ? "{" : "").append(key_namespace);
    for (const auto& identifier : hit.identifiers) key.append("/").append(identifier);
    const auto& limit = hit.limit;
    return fmt::format("{}/{}/{}/{}{}", key, limit.amount, limit.multiples, unit_name(limit.unit),
                       braced ? "}" : "");
}

}  // namespace

std::vector<Counter> make_counters(const std::vector<Hit>& hits, Strategy strategy, std::string_view prefix) {
    std::vector<Counter> counters;
    counters.reserve(hits.size());
    const auto most = strategy == Strategy::moving_window ? most_entries : most_cost;
    for (const auto& hit : hits) {
        if (hit.identifiers.empty()) throw ConfigurationError{"identifiers: a hit needs at least one"};
        if (hit.cost < 1 || hit.cost > most)
            throw ConfigurationError{fmt::format("cost: a hit costs from 1 to {}", most)};
        // Python's library puts both windows of a counter into one hash slot.
        const bool braced = strategy == Strategy::sliding_window_counter;
        counters.push_back({.key = key_of(hit, prefix, braced),
                            .amount = hit.limit.amount,
                            .window = hit.limit.window(),
                            .cost = hit.cost});
    }
    return counters;
}

std::string previous_key(std::string_view key) { return std::string{key} + "/-1"; }

std::string_view strategy_name(Strategy strategy) {
    static constexpr std::array names{"fixed-window", "moving-window", "sliding-window-counter"};
    return names.at(static_cast<std::size_t>(strategy));
}

std::optional<Strategy> parse_strategy(std::string_view name) {
    using enum Strategy;
    for (const auto strategy : {fixed_window, moving_window, sliding_window_counter})
        if (name == strategy_name(strategy)) return strategy;
    return std::nullopt;
}

}  // namespace samovar::limits
