// White space around a text.
#pragma once

#include <string_view>

namespace samovar {

inline constexpr std::string_view ascii_white_space = " \t\r\n\f\v";

/// `text` without `white` at both ends. Lifetime: of `text`.
constexpr std::string_view trim(std::string_view text, std::string_view white = ascii_white_space) {
    const auto first = text.find_first_not_of(white);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

}  // namespace samovar
