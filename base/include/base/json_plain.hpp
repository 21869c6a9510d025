// Finds the end of a run of characters that need no attention in a JSON string, eight at a time.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace samovar::json {

/// Printable ASCII but for '"' and '\\'. DEL is left to the caller: JSON lets it stand, Python escapes it.
constexpr bool is_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c != '"' && c != '\\' && byte >= 0x20 && byte < 0x80;
}

/// The high bit of each byte that is not plain. Above the first such byte the subtractions may have borrowed;
/// the first itself is exact.
inline std::uint64_t special_bytes(std::uint64_t word) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t highs = 0x8080808080808080;
    const auto zero_bytes = [](std::uint64_t w) { return (w - ones) & ~w & highs; };
    const std::uint64_t controls = (word - ones * 0x20) & ~word & highs;
    return (word & highs) | controls | zero_bytes(word ^ (ones * '"')) | zero_bytes(word ^ (ones * '\\'));
}

/// The first character from `at` on that is not plain, or `end`.
inline const char* skip_plain(const char* at, const char* end) {
    while (end - at >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        const std::uint64_t special = special_bytes(word);
        if constexpr (std::endian::native == std::endian::little) {
            if (special != 0) return at + std::countr_zero(special) / 8;
        }
        if (special != 0) break;
        at += 8;
    }
    while (at != end && is_plain(*at)) ++at;
    return at;
}

}  // namespace samovar::json
