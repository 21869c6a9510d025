#include "services/csrf_token.hpp"

#include <algorithm>

#include "domain/token.hpp"
#include "services/signature.hpp"

namespace localtea::services {
namespace {

constexpr std::size_t nonce_digits = 64;
constexpr std::size_t signature_digits = 64;

bool is_hexadecimal(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string signed_nonce(std::string_view nonce, std::string_view secret) {
    return std::string{nonce} + "." + hmac_sha256_hex(secret, nonce);
}

}  // namespace

// The digest of 256 random bits is 256 random bits, in the digits that are asked for.
std::string CsrfTokens::issue() const { return signed_nonce(domain::token_digest(domain::make_token()), secret_); }

bool CsrfTokens::valid(std::string_view token) const {
    if (token.size() != nonce_digits + 1 + signature_digits) return false;
    const auto nonce = token.substr(0, nonce_digits);
    return is_hexadecimal(nonce) && equal_secrets(token, signed_nonce(nonce, secret_));
}

}  // namespace localtea::services
