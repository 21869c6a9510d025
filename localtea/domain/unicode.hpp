// What the rules need to know about UTF-8 text.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace localtea::domain {

/// Code points in `text`, or nothing when it is not UTF-8 (overlong forms and surrogates are not).
std::optional<std::size_t> count_characters(std::string_view text);

/// UTF-8 in which every character shows or is an ordinary space: no controls (CR, LF and NUL among them), no
/// line separators, and none of the invisible marks that make two different texts look the same or turn the
/// direction of what follows.
bool is_visible(std::string_view text);

/// Without ASCII white space at both ends. Lifetime: of `text`.
std::string_view trim(std::string_view text);

}  // namespace localtea::domain
