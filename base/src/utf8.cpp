#include "base/utf8.hpp"

namespace samovar::utf8 {
namespace {

constexpr bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// Length of the sequence that a lead byte opens; 0 for bytes that open none.
constexpr std::size_t sequence_size(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return 2;
    if (lead >= 0xE0 && lead <= 0xEF) return 3;
    if (lead >= 0xF0 && lead <= 0xF4) return 4;
    return 0;
}

// Overlong forms and code points past U+10FFFF; two-byte overlongs have no lead byte.
constexpr bool is_shortest(char32_t value, std::size_t size) {
    return size < 3 || (size == 3 && value >= 0x800) || (size == 4 && value >= 0x10000 && value <= 0x10FFFF);
}

}  // namespace

CodePoint decode(std::string_view text, Surrogates surrogates) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t size = sequence_size(lead);
    if (size == 0 || size > text.size()) return {};
    if (size == 1) return {lead, 1};
    char32_t value = lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (!is_continuation(byte)) return {};
        value = (value << 6) | (byte & 0x3FU);
    }
    if (!is_shortest(value, size)) return {};
    if (surrogates == Surrogates::refuse && is_surrogate(value)) return {};
    return {value, size};
}

void append(std::string& out, char32_t c) {
    const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (c < 0x80) return put(c);
    if (c < 0x800) {
        put(0xC0 | (c >> 6));
    } else {
        if (c < 0x10000) {
            put(0xE0 | (c >> 12));
        } else {
            put(0xF0 | (c >> 18));
            put(0x80 | ((c >> 12) & 0x3F));
        }
        put(0x80 | ((c >> 6) & 0x3F));
    }
    put(0x80 | (c & 0x3F));
}

bool valid(std::string_view text) { return count(text).has_value(); }

std::optional<std::size_t> count(std::string_view text) {
    std::size_t points = 0;
    for (; !text.empty(); ++points) {
        const std::size_t size = decode(text, Surrogates::refuse).size;
        if (size == 0) return std::nullopt;
        text.remove_prefix(size);
    }
    return points;
}

}  // namespace samovar::utf8
