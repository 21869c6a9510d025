#include "broker/label.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace samovar::broker {
namespace {

// The text of `: "text"` at the start of `behind`.
std::optional<std::string> quoted_value(std::string_view behind) {
    const auto skip_space = [&] {
        const auto first =
            std::ranges::find_if_not(behind, [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
        behind.remove_prefix(static_cast<std::size_t>(first - behind.begin()));
    };
    const auto skip = [&](char expected) {
        skip_space();
        const bool there = behind.starts_with(expected);
        if (there) behind.remove_prefix(1);
        return there;
    };
    if (!skip(':') || !skip('"')) return std::nullopt;
    const auto end =
        std::ranges::find_if(behind, [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; });
    if (end == behind.begin() || end == behind.end() || *end != '"') return std::nullopt;
    return std::string{behind.begin(), end};
}

}  // namespace

std::string label(std::string_view envelope, std::string_view name) {
    constexpr std::size_t longest = 300;
    const auto quoted = fmt::format("\"{}\"", name);
    auto at = envelope.find(quoted);
    for (int tries = 0; tries < 8 && at != std::string_view::npos; ++tries) {
        if (auto text = quoted_value(envelope.substr(at + quoted.size(), longest))) return *text;
        at = envelope.find(quoted, at + 1);
    }
    return {};
}

}  // namespace samovar::broker
