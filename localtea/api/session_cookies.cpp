#include "api/session_cookies.hpp"

#include <string>
#include <string_view>

#include <web/cookie.hpp>

namespace localtea::api {
namespace {

// The refresh token goes to the calls that need it and to no other; the CSRF token is for the storefront's
// scripts.
constexpr std::string_view refresh_cookie = "refresh_token";
constexpr std::string_view refresh_cookie_path = "/api/v1/user";
constexpr std::string_view csrf_cookie = "csrf_token";
constexpr std::string_view csrf_cookie_path = "/";

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

}  // namespace localtea::api
