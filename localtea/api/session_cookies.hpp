// The two cookies of a session.
#pragma once

#include <web/request.hpp>

#include "services/sessions.hpp"

namespace localtea::api {

/// Adds them to whatever is answered. `secure`: they travel by https alone.
void set_session_cookies(web::Request& request, const services::SessionTokens& tokens, bool secure);

/// Makes the browser forget them.
void clear_session_cookies(web::Request& request);

}  // namespace localtea::api
