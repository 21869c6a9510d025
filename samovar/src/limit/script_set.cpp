#include "limit/script_set.hpp"

#include <deque>
#include <stdexcept>
#include <string>

#include <embedded/limit_scripts.hpp>

namespace samovar::limits {
namespace {

std::string_view embedded_script(std::string_view name) {
    for (const auto& file : embedded::limit_scripts)
        if (file.name == name) return file.content;
    throw std::logic_error("no embedded script " + std::string{name});
}

std::string_view file_of(Strategy strategy) {
    switch (strategy) {
        case Strategy::fixed_window:
            return "fixed_window.lua";
        case Strategy::moving_window:
            return "moving_window.lua";
        case Strategy::sliding_window_counter:
            break;
    }
    return "sliding_window_counter.lua";
}

}  // namespace

redis::Script make_script(Strategy strategy, std::string_view preamble) {
    // A deque never moves its elements: scripts keep views of them.
    static std::deque<std::string> texts;
    auto& text = texts.emplace_back(preamble);
    for (const auto file : {std::string_view{"counters.lua"}, file_of(strategy), std::string_view{"decide.lua"}})
        text += embedded_script(file);
    return redis::Script{strategy_name(strategy), text};
}

const redis::Script& script_of(Strategy strategy) {
    using enum Strategy;
    static const redis::Script fixed = make_script(fixed_window, "");
    static const redis::Script moving = make_script(moving_window, "");
    static const redis::Script sliding = make_script(sliding_window_counter, "");
    return strategy == fixed_window ? fixed : strategy == moving_window ? moving : sliding;
}

}  // namespace samovar::limits
