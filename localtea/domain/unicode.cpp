#include "domain/unicode.hpp"

#include <array>

#include "base/utf8.hpp"

namespace localtea::domain {
namespace {

namespace utf8 = samovar::utf8;

struct Range {
    char32_t first, last;
};

// Controls (Cc), separators (Zl, Zp), format characters (Cf) that hide or reorder, and noncharacters.
constexpr std::array invisible{
    Range{0x0000, 0x001F}, Range{0x007F, 0x009F}, Range{0x00AD, 0x00AD}, Range{0x061C, 0x061C},
    Range{0x180E, 0x180E}, Range{0x200B, 0x200F}, Range{0x2028, 0x202E}, Range{0x2060, 0x206F},
    Range{0xFEFF, 0xFEFF}, Range{0xFFF9, 0xFFFB}, Range{0xFFFE, 0xFFFF}, Range{0xE0000, 0xE007F},
};

bool shows(char32_t point) {
    for (const Range& range : invisible)
        if (point >= range.first && point <= range.last) return false;
    return true;
}

}  // namespace

bool is_visible(std::string_view text) {
    while (!text.empty()) {
        const auto next = utf8::decode(text, utf8::Surrogates::refuse);
        if (next.size == 0 || !shows(next.value)) return false;
        text.remove_prefix(next.size);
    }
    return true;
}

}  // namespace localtea::domain
