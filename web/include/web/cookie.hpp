// Cookies: reading the request's, writing a Set-Cookie that is safe unless told otherwise.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <web/headers.hpp>

namespace web {

enum class SameSite { strict, lax, none };

/// One Set-Cookie. The defaults are the safe ones; a cookie that scripts must read says `.http_only = false`.
struct SetCookie {
    std::string name;
    std::string value;
    std::string path = "/";
    /// Absent: the cookie ends with the browser's session. Zero: the browser forgets it now.
    std::optional<std::chrono::seconds> max_age{};
    bool http_only = true;
    bool secure = true;
    SameSite same_site = SameSite::lax;

    /// The header's value. Errors: std::invalid_argument when name, value or path holds a character that
    /// would end it early (space, quotation mark, comma, semicolon, backslash, control characters).
    std::string header() const;
};

/// Adds the Set-Cookie field. Errors: as SetCookie::header.
void set_cookie(Headers& headers, const SetCookie& cookie);

/// Makes the browser forget a cookie; name and path must be those it was set with.
void delete_cookie(Headers& headers, std::string_view name, std::string_view path = "/");

/// The first cookie of that name in the request's Cookie fields, without surrounding quotation marks.
/// Lifetime: as the headers.
std::optional<std::string_view> read_cookie(const Headers& headers, std::string_view name);

}  // namespace web
