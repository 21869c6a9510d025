#include "limit/script_set.hpp"

#include <string>

#include <embedded/limit_scripts.hpp>

namespace samovar::limits {
namespace {

std::string_view part_of(Strategy strategy) {
    switch (strategy) {
        case Strategy::fixed_window:
            return "fixed_window";
        case Strategy::moving_window:
            return "moving_window";
        case Strategy::sliding_window_counter:
            break;
    }
    return "sliding_window_counter";
}

}  // namespace

redis::Script make_script(Strategy strategy, std::string_view preamble) {
    std::string text{preamble};
    for (const auto part : {std::string_view{"counters"}, part_of(strategy), std::string_view{"decide"}})
        text += redis::embedded_script(embedded::limit_scripts, part);
    return redis::Script{strategy_name(strategy), std::move(text)};
}

const redis::Script& script_of(Strategy strategy) {
    using enum Strategy;
    static const redis::Script fixed = make_script(fixed_window, "");
    static const redis::Script moving = make_script(moving_window, "");
    static const redis::Script sliding = make_script(sliding_window_counter, "");
    return strategy == fixed_window ? fixed : strategy == moving_window ? moving : sliding;
}

}  // namespace samovar::limits
