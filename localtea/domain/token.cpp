#include "domain/token.hpp"

#include <array>
#include <span>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/sha.h>

#include "base/base64.hpp"
#include "base/random.hpp"

namespace localtea::domain {
namespace {

constexpr std::size_t token_bytes = 32;

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
    std::string bytes(token_bytes, '\0');
    samovar::random_bytes(std::as_writable_bytes(std::span{bytes}));
    return samovar::base64::encode_url(bytes);
}

std::string token_digest(std::string_view token) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace localtea::domain
