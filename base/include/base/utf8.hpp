// UTF-8, read strictly and written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace samovar::utf8 {

/// What surrogates a well-formed text may hold. Python strings, unlike UTF-8, may hold lone ones; inside
/// a Value they are kept in the three bytes that UTF-8's scheme would give them.
enum class Surrogates { refuse, allow };

/// One code point at the start of `text`; `size` 0: the bytes there are not UTF-8.
struct CodePoint {
    char32_t value = 0;
    std::size_t size = 0;
};

/// Decodes the code point at the start of a text that is not empty.
CodePoint decode(std::string_view text, Surrogates surrogates);

/// Appends one code point; a surrogate becomes its three bytes.
void append(std::string& out, char32_t code_point);

/// The whole text is UTF-8 (surrogates refused).
bool valid(std::string_view text);

/// Code points in `text`; nothing when it is not UTF-8 (surrogates refused).
std::optional<std::size_t> count(std::string_view text);

constexpr bool is_high_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
constexpr bool is_low_surrogate(char32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }
constexpr bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

}  // namespace samovar::utf8
