#include "base/base64.hpp"

#include <array>
#include <cstdint>

namespace samovar::base64 {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
// Wider than six bits, so that or-ing four values shows whether one of them was no digit.
constexpr std::uint8_t no_digit = 0x80;

constexpr auto values = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(no_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return table;
}();

std::uint32_t value_of(char c) { return values[static_cast<unsigned char>(c)]; }
std::uint32_t byte_of(char c) { return static_cast<unsigned char>(c); }
char digit(std::uint32_t group, int shift) { return alphabet[(group >> shift) & 0x3F]; }

struct Group {
    std::uint32_t bits;
    bool valid;
};

Group read_group(const char* in) {
    const std::uint32_t a = value_of(in[0]), b = value_of(in[1]), c = value_of(in[2]), d = value_of(in[3]);
    return {(a << 18) | (b << 12) | (c << 6) | d, ((a | b | c | d) & no_digit) == 0};
}

char* put_bytes(char* out, std::uint32_t bits, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) *out++ = static_cast<char>((bits >> (16 - 8 * i)) & 0xFF);
    return out;
}

}  // namespace

void append(std::string& out, std::string_view bytes) {
    const std::size_t start = out.size();
    out.resize(start + (bytes.size() + 2) / 3 * 4);
    char* to = out.data() + start;
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3) {
        const std::uint32_t group =
            (byte_of(bytes[i]) << 16) | (byte_of(bytes[i + 1]) << 8) | byte_of(bytes[i + 2]);
        for (int shift = 18; shift >= 0; shift -= 6) *to++ = digit(group, shift);
    }
    if (i == bytes.size()) return;
    const bool two = i + 2 == bytes.size();
    const std::uint32_t group = (byte_of(bytes[i]) << 16) | (two ? byte_of(bytes[i + 1]) << 8 : 0);
    *to++ = digit(group, 18);
    *to++ = digit(group, 12);
    *to++ = two ? digit(group, 6) : '=';
    *to++ = '=';
}

std::string encode(std::string_view bytes) {
    std::string out;
    append(out, bytes);
    return out;
}

std::optional<std::string> decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    if (text.empty()) return std::string{};
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string out(text.size() / 4 * 3 - padding, '\0');
    char* to = out.data();
    bool valid = true;
    for (std::size_t i = 0; i + 4 < text.size(); i += 4) {
        const Group group = read_group(text.data() + i);
        valid &= group.valid;
        to = put_bytes(to, group.bits, 3);
    }
    std::array<char, 4> last;
    text.substr(text.size() - 4).copy(last.data(), 4);
    for (std::size_t i = 0; i < padding; ++i) last[3 - i] = 'A';
    const Group group = read_group(last.data());
    put_bytes(to, group.bits, 3 - padding);
    if (!valid || !group.valid) return std::nullopt;
    return out;
}

}  // namespace samovar::base64
