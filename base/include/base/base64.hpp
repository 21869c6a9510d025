// Base64 (RFC 4648): the standard alphabet with padding, and the one for URLs without.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace samovar::base64 {

std::string encode(std::string_view bytes);

/// The bytes that `text` stands for; empty when it has another character, a line break among them, or wrong
/// padding. Bits that the last group leaves over are ignored, as in Python.
std::optional<std::string> decode(std::string_view text);

/// The alphabet of section 5, which needs no escaping in a URL, without padding.
std::string encode_url(std::string_view bytes);
std::optional<std::string> decode_url(std::string_view text);

}  // namespace samovar::base64
