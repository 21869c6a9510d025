#include "domain/email.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "domain/unicode.hpp"

namespace localtea::domain {
namespace {

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// RFC 5321's atext; bytes outside ASCII are RFC 6531's, their text was found visible before.
bool is_atom_character(char c) {
    constexpr std::string_view symbols = "!#$%&'*+-/=?^_`{|}~";
    return !is_ascii(c) || is_alphanumeric(c) || symbols.find(c) != std::string_view::npos;
}

/// Parts joined by single dots, none empty, each accepted by `part`.
template <class Predicate>
bool is_dotted(std::string_view text, Predicate part) {
    for (;;) {
        const auto dot = text.find('.');
        const auto head = text.substr(0, dot);
        if (head.empty() || !part(head)) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

bool is_local_part(std::string_view local) {
    return local.size() <= max_email_local_bytes && is_dotted(local, [](std::string_view atom) {
               return std::all_of(atom.begin(), atom.end(), is_atom_character);
           });
}

bool is_label(std::string_view label) {
    return label.size() <= max_domain_label_bytes && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(),
                       [](char c) { return !is_ascii(c) || is_alphanumeric(c) || c == '-'; });
}

/// A top level of digits alone would be an IPv4 address.
bool is_domain(std::string_view domain) {
    const auto dot = domain.rfind('.');
    if (dot == std::string_view::npos || !is_dotted(domain, is_label)) return false;
    const auto top = domain.substr(dot + 1);
    return !std::all_of(top.begin(), top.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string lower_ascii(std::string_view text) {
    std::string lower{text};
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

Violation not_an_address() { return {"value_error", "Укажите один адрес вида имя@домен.рф, без пробелов"}; }

}  // namespace

Checked<std::string> normalise_email(std::string_view text) {
    // Only spaces are forgiven around it: a line break is an attempt at a header, not a slip of the hand.
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    if (text.size() > max_email_bytes)
        return Violation{"string_too_long",
                         fmt::format("Адрес почты не может быть длиннее {} байт", max_email_bytes)};
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || !is_visible(text)) return not_an_address();
    // U+3000, U+00A0 and their kin are visible spaces; no address has one.
    for (std::string_view space : {"\u00A0", "\u1680", "\u202F", "\u205F", "\u3000"})
        if (text.find(space) != std::string_view::npos) return not_an_address();
    if (!is_local_part(text.substr(0, at)) || !is_domain(text.substr(at + 1))) return not_an_address();
    return lower_ascii(text);
}

}  // namespace localtea::domain
