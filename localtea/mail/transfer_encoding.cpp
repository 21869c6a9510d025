#include "mail/transfer_encoding.hpp"

#include <algorithm>

#include "base/base64.hpp"

namespace localtea::mail {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view hex_digits = "0123456789ABCDEF";

/// MIME's canonical line ends: every CR, LF and CRLF is one CRLF, and the last line has one.
std::string with_crlf(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 16);
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') continue;
        if (text[at] == '\n' || text[at] == '\r')
            out += "\r\n";
        else
            out += text[at];
    }
    if (!out.ends_with("\r\n")) out += "\r\n";
    return out;
}

bool is_plain(unsigned char c) { return c >= 0x21 && c <= 0x7e && c != '='; }

/// One line without its end. Spaces stay but at the end, where transports drop them.
void append_quoted_line(std::string& out, std::string_view line) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const auto byte = static_cast<unsigned char>(line[at]);
        const bool last = at + 1 == line.size();
        const bool plain = is_plain(byte) || ((byte == ' ' || byte == '\t') && !last);
        const std::size_t size = plain ? 1 : 3;
        // A line that goes on keeps one column for the "=" that says so.
        if (width + size > max_encoded_line - (last ? 0 : 1)) {
            out += "=\r\n";
            width = 0;
        }
        if (plain) {
            out += line[at];
        } else {
            out += '=';
            out += hex_digits[byte >> 4];
            out += hex_digits[byte & 15];
        }
        width += size;
    }
    out += "\r\n";
}

std::string quoted_lines(std::string_view canonical) {
    std::string out;
    while (!canonical.empty()) {
        const auto end = canonical.find("\r\n");
        append_quoted_line(out, canonical.substr(0, end));
        canonical.remove_prefix(end + 2);
    }
    return out;
}

std::string in_lines(std::string_view encoded) {
    std::string out;
    for (; !encoded.empty(); encoded.remove_prefix(std::min(encoded.size(), max_encoded_line))) {
        out += encoded.substr(0, max_encoded_line);
        out += "\r\n";
    }
    return out;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

}  // namespace

EncodedBody encode_body(std::string_view text) {
    const std::string canonical = with_crlf(text);
    std::string quoted = quoted_lines(canonical);
    // Russian takes 6 characters a letter in quoted-printable and under 3 in base64.
    if (quoted.size() <= canonical.size() / 3 * 4 + canonical.size() / 57 * 2)
        return {"quoted-printable", std::move(quoted)};
    return {"base64", in_lines(samovar::base64::encode(canonical))};
}

std::string decode_quoted_printable(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '=') {
            out += text[at];
        } else if (text.substr(at + 1, 2) == "\r\n") {
            at += 2;
        } else if (text.substr(at + 1, 1) == "\n") {
            at += 1;
        } else if (at + 2 < text.size() && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0) {
            out += static_cast<char>(hex_value(text[at + 1]) << 4 | hex_value(text[at + 2]));
            at += 2;
        } else {
            out += '=';
        }
    }
    return out;
}

std::string decode_base64(std::string_view text) {
    std::string digits{text};
    std::erase_if(digits, [](char c) { return alphabet.find(c) == std::string_view::npos; });
    // A digit alone in its group has too few bits for a byte.
    if (digits.size() % 4 == 1) digits.pop_back();
    digits.resize((digits.size() + 3) / 4 * 4, '=');
    return samovar::base64::decode(digits).value_or(std::string{});
}

}  // namespace localtea::mail
