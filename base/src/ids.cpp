#include "base/ids.hpp"

#include <array>
#include <string_view>

#include "base/random.hpp"

namespace samovar {

std::string uuid4() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<std::byte, 16> bytes{};
    random_bytes(bytes);
    bytes[6] = (bytes[6] & std::byte{0x0F}) | std::byte{0x40};  // version 4
    bytes[8] = (bytes[8] & std::byte{0x3F}) | std::byte{0x80};  // RFC 4122's variant
    std::string text(36, '-');
    std::size_t at = 0;
    for (const std::byte byte : bytes) {
        if (at == 8 || at == 13 || at == 18 || at == 23) ++at;
        text[at++] = digits[std::to_integer<std::size_t>(byte >> 4)];
        text[at++] = digits[std::to_integer<std::size_t>(byte & std::byte{0x0F})];
    }
    return text;
}

std::string new_incarnation() {
    constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::string text;
    for (int half = 0; half < 2; ++half) {
        std::uint64_t bits = random_bits();
        for (int i = 0; i < 11; ++i, bits /= alphabet.size()) text.push_back(alphabet[bits % alphabet.size()]);
    }
    return text;
}

}  // namespace samovar
