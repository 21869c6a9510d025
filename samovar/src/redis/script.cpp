#include "redis/script.hpp"

#include <array>
#include <utility>

#include <openssl/evp.h>

#include <fmt/format.h>

namespace samovar::redis {
namespace {

std::string sha1(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
    std::string hex;
    for (unsigned i = 0; i < size; ++i) fmt::format_to(std::back_inserter(hex), "{:02x}", digest[i]);
    return hex;
}

}  // namespace

Script::Script(std::string_view name, std::string source)
    : name_(name), source_(std::move(source)), digest_(sha1(source_)) {}

}  // namespace samovar::redis
