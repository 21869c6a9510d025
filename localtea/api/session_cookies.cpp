#include "api/session_cookies.hpp"

#include <string>
#include <string_view>

#include <web/cookie.hpp>
#include <web/error.hpp>

#include "services/signature.hpp"

namespace localtea::api {
namespace {

// The refresh token goes to the calls that need it and to no other; the CSRF token is for the storefront's
// scripts.
constexpr std::string_view refresh_cookie = "refresh_token";
constexpr std::string_view refresh_cookie_path = "/api/v1/user";
constexpr std::string_view csrf_cookie = "csrf_token";
constexpr std::string_view csrf_cookie_path = "/";

void require_genuine(const Context& context, std::string_view token) {
    if (token.empty()) throw web::HttpError{403, "Нет заголовка X-CSRF-Token."};
    if (!context.accounts.csrf_tokens.valid(token)) throw web::HttpError{403, "Неверный X-CSRF-Token."};
}

}  // namespace

void set_session_cookies(web::Request& request, const services::SessionTokens& tokens, bool secure) {
    web::set_cookie(request.response_headers, {.name = std::string{refresh_cookie},
                                               .value = tokens.refresh_token,
                                               .path = std::string{refresh_cookie_path},
                                               .max_age = tokens.lifetime,
                                               .secure = secure});
    web::set_cookie(request.response_headers, {.name = std::string{csrf_cookie},
                                               .value = tokens.csrf_token,
                                               .path = std::string{csrf_cookie_path},
                                               .max_age = tokens.lifetime,
                                               .http_only = false,
                                               .secure = secure});
}

void clear_session_cookies(web::Request& request) {
    web::delete_cookie(request.response_headers, refresh_cookie, refresh_cookie_path);
    web::delete_cookie(request.response_headers, csrf_cookie, csrf_cookie_path);
}

void require_csrf_token(const Context& context, const web::Request& request) {
    if (context.csrf_enabled) require_genuine(context, request.headers.find("X-CSRF-Token").value_or(""));
}

void require_own_page(const Context& context, const web::Request& request, const CsrfHeader& header,
                      const SessionCookies& cookies) {
    const auto origin = request.headers.find("Origin");
    if (origin && !context.origins.allows(*origin)) throw web::HttpError{403, "Запрос с чужой страницы."};
    const auto token = header.x_csrf_token.value_or("");
    require_genuine(context, token);
    if (!services::equal_secrets(token, cookies.csrf_token.value_or("")))
        throw web::HttpError{403, "X-CSRF-Token не совпадает с cookie."};
}

}  // namespace localtea::api
