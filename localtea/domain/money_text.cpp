#include "domain/money_text.hpp"

#include <string_view>

#include <fmt/format.h>

namespace localtea::domain {
namespace {

constexpr std::string_view no_break_space = "\u00a0";

}  // namespace

std::string rubles(Money amount) {
    // Unsigned, because the least int64 has no positive twin.
    const auto kopecks = amount.in_kopecks();
    const auto size = kopecks < 0 ? 0 - static_cast<std::uint64_t>(kopecks) : static_cast<std::uint64_t>(kopecks);
    const auto digits = fmt::to_string(size / 100);
    std::string grouped;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) grouped += no_break_space;
        grouped += digits[i];
    }
    return fmt::format("{}{},{:02}{}₽", kopecks < 0 ? "-" : "", grouped, size % 100, no_break_space);
}

}  // namespace localtea::domain
