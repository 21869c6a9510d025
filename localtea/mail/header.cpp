#include "mail/header.hpp"

#include <algorithm>
#include <optional>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/base64.hpp"
#include "mail/text_lines.hpp"
#include "mail/transfer_encoding.hpp"

namespace localtea::mail {
namespace {

constexpr std::size_t line_width = 78;
/// RFC 2047 allows 75 characters for a word; "=?utf-8?b??=" takes 12 of them, base64 of 45 bytes 60.
constexpr std::size_t word_bytes = 45;

/// Bytes of the first characters of `text` that fit into `limit`; never cuts a character.
std::size_t whole_characters(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text.size();
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
    return limit;
}

/// Encoded words, each on a line of its own but the first.
std::string encoded_words(std::string_view text, std::size_t first_room) {
    std::string out;
    std::size_t room = first_room < 20 ? word_bytes : std::min(word_bytes, (first_room - 12) / 4 * 3);
    while (!text.empty()) {
        const auto size = whole_characters(text, room);
        out += fmt::format("{}=?utf-8?b?{}?=", out.empty() ? "" : "\r\n ",
                           samovar::base64::encode(text.substr(0, size)));
        text.remove_prefix(size);
        room = word_bytes;
    }
    return out;
}

std::size_t longest_word(std::string_view text) {
    std::size_t longest = 0;
    while (!text.empty()) {
        const auto size = std::min(text.find(' '), text.size());
        longest = std::max(longest, size);
        text.remove_prefix(std::min(size + 1, text.size()));
    }
    return longest;
}

/// What ASCII cannot carry, would be read as an encoded word already, has spaces that folding would lose, or
/// holds a word that no line has room for.
bool needs_words(std::string_view text) {
    return !is_ascii(text) || text.find("=?") != std::string_view::npos || text.starts_with(' ') ||
           text.ends_with(' ') || text.find("  ") != std::string_view::npos ||
           longest_word(text) > line_width - 20;
}

/// ASCII text broken before the word that would cross the line's width.
std::string folded(std::string_view name, std::string_view text) {
    std::string out{name};
    out += ':';
    std::size_t width = out.size();
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        if (width + 1 + word.size() > line_width && width > name.size() + 1) {
            out += "\r\n";
            width = 0;
        }
        out += ' ';
        out += word;
        width += 1 + word.size();
        text.remove_prefix(std::min(text.size(), word.size() + 1));
    }
    return out + "\r\n";
}

/// A display name as RFC 5322 wants it: as it is, quoted, or as encoded words.
std::string display_text(std::string_view display, std::size_t room) {
    if (needs_words(display)) return encoded_words(display, room);
    constexpr std::string_view specials = "()<>[]:;@\\,.\"";
    if (display.find_first_of(specials) == std::string_view::npos) return std::string{display};
    std::string out = "\"";
    for (char c : display) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return std::string{text.substr(begin, text.find_last_not_of(" \t") - begin + 1)};
}

/// The encoded word at the start of `text`, decoded, and its size.
std::optional<std::pair<std::string, std::size_t>> decode_word(std::string_view text) {
    const auto encoding = text.find('?', 2);
    if (!text.starts_with("=?") || encoding == std::string_view::npos || encoding + 2 >= text.size()) return {};
    const auto end = text.find("?=", encoding + 3);
    if (text[encoding + 2] != '?' || end == std::string_view::npos) return {};
    const auto content = text.substr(encoding + 3, end - encoding - 3);
    const bool is_base64 = text[encoding + 1] == 'b' || text[encoding + 1] == 'B';
    std::string spaced{content};
    std::replace(spaced.begin(), spaced.end(), '_', ' ');
    return std::pair{is_base64 ? decode_base64(content) : decode_quoted_printable(spaced), end + 2};
}

/// White space between two encoded words is none.
std::string decode_words(std::string_view text) {
    std::string out;
    std::optional<std::size_t> word_end;
    for (std::size_t at = 0; at < text.size();) {
        if (const auto word = decode_word(text.substr(at))) {
            if (word_end) out.resize(*word_end);
            out += word->first;
            at += word->second;
            word_end = out.size();
            continue;
        }
        if (text[at] != ' ' && text[at] != '\t') word_end.reset();
        out += text[at++];
    }
    return out;
}

bool same_name(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string text_header(std::string_view name, std::string_view text) {
    require_header_text(name, text);
    if (!needs_words(text)) return folded(name, text);
    return fmt::format("{}: {}\r\n", name, encoded_words(text, line_width - name.size() - 2));
}

std::string mailbox_header(std::string_view name, std::string_view display, std::string_view address) {
    require_header_text(name, display);
    if (display.empty()) return fmt::format("{}: {}\r\n", name, address);
    const std::string shown = display_text(display, line_width - name.size() - 2);
    const auto last_line = shown.size() - (shown.rfind('\n') + 1);
    const bool fits = name.size() + 2 + last_line + 3 + address.size() <= line_width;
    return fmt::format("{}: {}{}<{}>\r\n", name, shown, fits ? " " : "\r\n ", address);
}

std::string mail_date(samovar::WallTime time) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000", std::chrono::floor<std::chrono::seconds>(time));
}

std::pair<Headers, std::string_view> split_headers(std::string_view message) {
    Headers headers;
    while (!message.empty()) {
        const auto end = std::min(message.find('\n'), message.size() - 1);
        auto line = message.substr(0, end);
        message.remove_prefix(end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) break;
        const auto colon = line.find(':');
        if ((line.front() == ' ' || line.front() == '\t') && !headers.empty())
            headers.back().second += line;
        else if (colon != std::string_view::npos)
            headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    }
    return {std::move(headers), message};
}

std::string header_text(const Headers& headers, std::string_view name) {
    const auto field = std::find_if(headers.begin(), headers.end(),
                                    [&](const auto& entry) { return same_name(entry.first, name); });
    return field == headers.end() ? std::string{} : decode_words(field->second);
}

}  // namespace localtea::mail
