// HMAC-SHA256: what signs access tokens, CSRF tokens and webhooks.
#pragma once

#include <string>
#include <string_view>

namespace localtea::services {

/// The 32 bytes of the signature.
std::string hmac_sha256(std::string_view key, std::string_view text);

/// The same in 64 lower-case hexadecimal digits.
std::string hmac_sha256_hex(std::string_view key, std::string_view text);

/// Compares in a time that says nothing of where they differ.
bool equal_secrets(std::string_view a, std::string_view b);

}  // namespace localtea::services
