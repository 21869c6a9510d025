// The list of variables: what load() accepts and what docs/configuration.md says come from here.
#pragma once

#include <span>
#include <string_view>

#include "config/settings.hpp"

namespace localtea::config {

/// One variable.
struct Variable {
    std::string_view name;
    /// The accepted form, as it continues the words "must be".
    std::string_view form;
    /// Text that is read when the variable is unset or empty; empty: none.
    std::string_view fallback;
    /// What it does, for the documentation; a default that is not a fixed text is told here.
    std::string_view meaning;
    /// Puts the value into the settings; false: `text` has not the form.
    bool (*set)(Settings& settings, std::string_view text);
    /// Which part of a text that set() refuses is wrong; null: nothing finer than the form can be said.
    std::string_view (*fault)(std::string_view text) = nullptr;
};

/// In the order of the documentation.
std::span<const Variable> variables();

}  // namespace localtea::config
