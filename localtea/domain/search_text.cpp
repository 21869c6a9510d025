#include "domain/search_text.hpp"

#include <algorithm>
#include <utility>

#include "base/utf8.hpp"

namespace localtea::domain {
namespace {

namespace utf8 = samovar::utf8;

bool is_between(char32_t point, char32_t first, char32_t last) { return point >= first && point <= last; }

bool is_white_space(char32_t point) { return point == U' ' || is_between(point, U'\t', U'\r') || point == 0x00A0; }

char32_t fold_point(char32_t point) {
    constexpr char32_t multiplication_sign = 0x00D7;
    if (is_between(point, U'A', U'Z')) return point + 32;
    if (is_between(point, 0x00C0, 0x00DE) && point != multiplication_sign) return point + 32;
    if (point == U'Ё' || point == U'ё') return U'е';
    if (is_between(point, 0x0410, 0x042F)) return point + 32;
    if (is_between(point, 0x0400, 0x040F)) return point + 80;
    return point;
}

}  // namespace

std::string fold(std::string_view text) {
    std::string folded;
    bool space_pending = false;
    while (!text.empty()) {
        const auto character = utf8::decode(text, utf8::Surrogates::refuse);
        if (character.size == 0) break;
        text.remove_prefix(character.size);
        if (is_white_space(character.value)) {
            space_pending = !folded.empty();
            continue;
        }
        if (std::exchange(space_pending, false)) folded += ' ';
        utf8::append(folded, fold_point(character.value));
    }
    return folded;
}

std::string product_search_text(const Product& product) {
    std::string text = fold(product.title);
    for (const auto& more : {product.tea_type, product.description})
        text.append("\n").append(fold(more.value_or("")));
    return text;
}

std::vector<std::string> search_words(std::string_view query) {
    const std::string folded = fold(query);
    std::vector<std::string> words;
    std::string_view rest = folded;
    while (!rest.empty() && words.size() < max_search_words) {
        const auto end = std::min(rest.find(' '), rest.size());
        std::string word{rest.substr(0, end)};
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
    }
    return words;
}

}  // namespace localtea::domain
