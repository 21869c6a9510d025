// What the rules need to know about UTF-8 text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace localtea::domain {

struct Character {
    char32_t point;
    /// Bytes that it takes.
    std::size_t length;
};

/// The character at the start of `text`; nothing when it is empty or begins with what is not UTF-8.
std::optional<Character> first_character(std::string_view text);

/// Requires: a code point, no surrogate.
void append_character(std::string& text, char32_t point);

/// Code points in `text`, or nothing when it is not UTF-8 (overlong forms and surrogates are not).
std::optional<std::size_t> count_characters(std::string_view text);

/// UTF-8 in which every character shows or is an ordinary space: no controls (CR, LF and NUL among them), no
/// line separators, and none of the invisible marks that make two different texts look the same or turn the
/// direction of what follows.
bool is_visible(std::string_view text);

/// Without ASCII white space at both ends. Lifetime: of `text`.
std::string_view trim(std::string_view text);

}  // namespace localtea::domain
