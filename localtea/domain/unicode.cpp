#include "domain/unicode.hpp"

#include <array>
#include <cstdint>

namespace localtea::domain {
namespace {

struct Range {
    char32_t first, last;
};

// Controls (Cc), separators (Zl, Zp), format characters (Cf) that hide or reorder, and noncharacters.
constexpr std::array invisible{
    Range{0x0000, 0x001F}, Range{0x007F, 0x009F}, Range{0x00AD, 0x00AD}, Range{0x061C, 0x061C},
    Range{0x180E, 0x180E}, Range{0x200B, 0x200F}, Range{0x2028, 0x202E}, Range{0x2060, 0x206F},
    Range{0xFEFF, 0xFEFF}, Range{0xFFF9, 0xFFFB}, Range{0xFFFE, 0xFFFF}, Range{0xE0000, 0xE007F},
};

std::uint8_t byte_at(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

std::size_t sequence_length(std::uint8_t lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return 2;
    if (lead >= 0xE0 && lead <= 0xEF) return 3;
    if (lead >= 0xF0 && lead <= 0xF4) return 4;
    return 0;
}

bool is_canonical(char32_t point, std::size_t length) {
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    return point >= smallest[length] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

bool shows(char32_t point) {
    for (const Range& range : invisible)
        if (point >= range.first && point <= range.last) return false;
    return true;
}

}  // namespace

std::optional<Character> first_character(std::string_view text) {
    if (text.empty()) return std::nullopt;
    const std::uint8_t lead = byte_at(text, 0);
    const std::size_t length = sequence_length(lead);
    if (length == 0 || length > text.size()) return std::nullopt;
    if (length == 1) return Character{lead, 1};
    char32_t point = lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte_at(text, i) & 0xC0u) != 0x80u) return std::nullopt;
        point = point << 6 | (byte_at(text, i) & 0x3Fu);
    }
    if (!is_canonical(point, length)) return std::nullopt;
    return Character{point, length};
}

void append_character(std::string& text, char32_t point) {
    constexpr std::array<std::uint8_t, 4> leads{0x00, 0xC0, 0xE0, 0xF0};
    const std::size_t more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    text += static_cast<char>(leads[more] | point >> 6 * more);
    for (std::size_t left = more; left-- > 0;) text += static_cast<char>(0x80u | (point >> 6 * left & 0x3Fu));
}

std::optional<std::size_t> count_characters(std::string_view text) {
    std::size_t count = 0;
    while (!text.empty()) {
        const auto next = first_character(text);
        if (!next) return std::nullopt;
        text.remove_prefix(next->length);
        ++count;
    }
    return count;
}

bool is_visible(std::string_view text) {
    while (!text.empty()) {
        const auto next = first_character(text);
        if (!next || !shows(next->point)) return false;
        text.remove_prefix(next->length);
    }
    return true;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view white = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(white);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

}  // namespace localtea::domain
