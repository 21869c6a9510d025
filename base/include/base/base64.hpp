// Base64, standard alphabet with padding (RFC 4648, section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace samovar::base64 {

std::string encode(std::string_view bytes);
/// Appends the text of `bytes` to `out`.
void append(std::string& out, std::string_view bytes);

/// The bytes that `text` stands for; empty when it has another character, a line break among them, or wrong
/// padding. Bits that the last group leaves over are ignored, as in Python.
std::optional<std::string> decode(std::string_view text);

}  // namespace samovar::base64
