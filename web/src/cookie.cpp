#include <web/cookie.hpp>

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "text.hpp"

namespace web {
namespace {

bool is_cookie_octet(char c) { return c > 0x20 && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\'; }

void require_octets(std::string_view what, std::string_view text) {
    if (!std::all_of(text.begin(), text.end(), is_cookie_octet))
        throw std::invalid_argument(fmt::format("cookie: the {} holds a character that would end it", what));
}

std::string_view name_of(SameSite same_site) {
    switch (same_site) {
        case SameSite::strict:
            return "Strict";
        case SameSite::none:
            return "None";
        case SameSite::lax:
            break;
    }
    return "Lax";
}

std::optional<std::string_view> find_in_field(std::string_view field, std::string_view name) {
    while (!field.empty()) {
        const std::string_view pair = detail::trim(detail::next_part(field, ';'));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos || detail::trim(pair.substr(0, equals)) != name) continue;
        std::string_view value = detail::trim(pair.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        return value;
    }
    return std::nullopt;
}

}  // namespace

std::string SetCookie::header() const {
    if (name.empty() || name.find('=') != std::string_view::npos)
        throw std::invalid_argument("cookie: the name is empty or holds '='");
    require_octets("name", name);
    require_octets("value", value);
    require_octets("path", path);
    std::string text = fmt::format("{}={}; Path={}", name, value, path);
    if (max_age) text += fmt::format("; Max-Age={}", max_age->count());
    text += fmt::format("; SameSite={}", name_of(same_site));
    if (http_only) text += "; HttpOnly";
    if (secure) text += "; Secure";
    return text;
}

void set_cookie(Headers& headers, const SetCookie& cookie) { headers.add("Set-Cookie", cookie.header()); }

void delete_cookie(Headers& headers, std::string_view name, std::string_view path) {
    // Not Secure: a browser on plain http must be able to obey, and there is nothing left to protect.
    set_cookie(headers, {.name = std::string{name},
                         .value = {},
                         .path = std::string{path},
                         .max_age = std::chrono::seconds{0},
                         .secure = false});
}

std::optional<std::string_view> read_cookie(const Headers& headers, std::string_view name) {
    for (const Headers::Field field : headers) {
        if (!equal_ignoring_case(field.name, "Cookie")) continue;
        if (const auto value = find_in_field(field.value, name)) return value;
    }
    return std::nullopt;
}

}  // namespace web
