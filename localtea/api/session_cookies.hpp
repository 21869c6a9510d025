// The two cookies of a session, and X-CSRF-Token: that a call comes from a script that may read them.
#pragma once

#include <optional>
#include <string>

#include <boost/describe.hpp>
#include <web/request.hpp>

#include "api/context.hpp"
#include "services/sessions.hpp"

namespace localtea::api {

/// Adds them to whatever is answered. `secure`: they travel by https alone.
void set_session_cookies(web::Request& request, const services::SessionTokens& tokens, bool secure);

/// Makes the browser forget them.
void clear_session_cookies(web::Request& request);

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
