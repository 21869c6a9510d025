#include "domain/token.hpp"

#include <array>
#include <cstdint>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

namespace localtea::domain {
namespace {

constexpr std::size_t token_bytes = 32;

std::string base64url(const std::array<unsigned char, token_bytes>& bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    std::uint32_t pending = 0;
    unsigned bits = 0;
    for (unsigned char byte : bytes) {
        pending = pending << 8 | byte;
        for (bits += 8; bits >= 6; bits -= 6) text += alphabet[pending >> (bits - 6) & 63u];
    }
    if (bits > 0) text += alphabet[pending << (6 - bits) & 63u];
    return text;
}

}  // namespace

std::string_view to_text(TokenPurpose purpose) {
    switch (purpose) {
        case TokenPurpose::confirm_email:
            return "confirm_email";
        case TokenPurpose::change_email:
            return "change_email";
        case TokenPurpose::reset_password:
            return "reset_password";
    }
    throw std::logic_error("a token purpose without a name");
}

std::string make_token() {
    std::array<unsigned char, token_bytes> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("the system's random number generator failed");
    return base64url(bytes);
}

std::string token_digest(std::string_view token) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace localtea::domain
