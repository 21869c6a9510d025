// Secrets that travel in a link and work once.
#pragma once

#include <string>
#include <string_view>

namespace localtea::domain {

/// What a one-time token allows. A token serves only the purpose it was made for.
enum class TokenPurpose { confirm_email, change_email, reset_password };

/// The purpose's name as it is stored.
std::string_view to_text(TokenPurpose purpose);

/// 256 random bits in 43 characters that need no escaping in a URL (base64url without padding).
/// Errors: std::system_error when the system has no randomness to give.
std::string make_token();

/// What is stored instead of a token: SHA-256 in 64 lower-case hexadecimal digits. A stolen database opens
/// nothing, and 256 random bits need no salt.
std::string token_digest(std::string_view token);

}  // namespace localtea::domain
