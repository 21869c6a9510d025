// Small text helpers shared by header parsing.
#pragma once

#include <string_view>

#include "base/text.hpp"

namespace web::detail {

/// Without HTTP's optional white space around it.
inline std::string_view trim(std::string_view text) { return samovar::trim(text, " \t"); }

/// Cuts `rest` at the first `separator`; returns what came before it, leaves in `rest` what came after.
inline std::string_view next_part(std::string_view& rest, char separator) {
    const std::size_t at = rest.find(separator);
    const std::string_view part = rest.substr(0, at);
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
    return part;
}

}  // namespace web::detail
