#include "base/base64.hpp"

#include <algorithm>

#include <openssl/evp.h>

namespace samovar::base64 {
namespace {

const unsigned char* octets(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* octets(char* data) { return reinterpret_cast<unsigned char*>(data); }

/// What OpenSSL would pass over without a word: white space at the ends, "-" as the end of the text, and padding
/// within it. Any other character that is no digit it refuses.
bool has_what_is_passed_over(std::string_view digits) {
    return std::any_of(digits.begin(), digits.end(),
                       [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '-' || c == '='; });
}

}  // namespace

std::string encode(std::string_view bytes) {
    // One more for the NUL that it ends with.
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    EVP_EncodeBlock(octets(out.data()), octets(bytes), static_cast<int>(bytes.size()));
    out.pop_back();
    return out;
}

std::optional<std::string> decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    if (text.empty()) return std::string{};
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    if (has_what_is_passed_over(text.substr(0, text.size() - padding))) return std::nullopt;
    std::string out(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(octets(out.data()), octets(text), static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    out.resize(out.size() - padding);
    return out;
}

std::string encode_url(std::string_view bytes) {
    std::string text = encode(bytes);
    text.erase(text.find_last_not_of('=') + 1);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

std::optional<std::string> decode_url(std::string_view text) {
    if (text.find_first_of("+/=") != std::string_view::npos || text.size() % 4 == 1) return std::nullopt;
    std::string padded{text};
    std::replace(padded.begin(), padded.end(), '-', '+');
    std::replace(padded.begin(), padded.end(), '_', '/');
    padded.resize((padded.size() + 3) / 4 * 4, '=');
    return decode(padded);
}

}  // namespace samovar::base64
