// X-CSRF-Token: that a call comes from a script that may read our cookies.
#pragma once

#include <optional>
#include <string>

#include <boost/describe.hpp>
#include <web/request.hpp>

#include "api/context.hpp"

namespace localtea::api {

struct CsrfHeader {
    std::optional<std::string> x_csrf_token;
};
BOOST_DESCRIBE_STRUCT(CsrfHeader, (), (x_csrf_token))

struct SessionCookies {
    std::optional<std::string> refresh_token;
    std::optional<std::string> csrf_token;
};
BOOST_DESCRIBE_STRUCT(SessionCookies, (), (refresh_token, csrf_token))

/// Of a call with an access token: while CSRF_ENABLED, the header must be a token of ours.
/// Errors: web::HttpError 403.
void require_csrf_token(const Context& context, const web::Request& request);

/// Of a call that rides on cookies: the header must be a token of ours and equal the cookie, and Origin, when it
/// was sent, must be allowed. Whether the token is this session's is the session's to say. Errors: web::HttpError
/// 403.
void require_own_page(const Context& context, const web::Request& request, const CsrfHeader& header,
                      const SessionCookies& cookies);

}  // namespace localtea::api
