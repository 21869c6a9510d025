// Percent-coding, as in URLs and forms.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace samovar::percent {

/// Encodes everything but unreserved characters (letters, digits, - . _ ~): for one path segment or query value.
std::string encode(std::string_view text);

/// Decodes %XX; nothing when an escape is broken. A plus sign stays a plus sign.
std::optional<std::string> decode(std::string_view text);

/// Decodes %XX. A percent sign that starts no escape stands for itself, as in browsers' forms, and in passwords
/// that were pasted as they are.
std::string decode_leniently(std::string_view text);

}  // namespace samovar::percent
