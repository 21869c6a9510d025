// /api/v1/user: forgotten and changed passwords.
#pragma once

#include "api/context.hpp"

namespace web {
class Api;
}

namespace localtea::api {

/// Also the page /reset-password that the mailed link leads to. Lifetime: `context` outlives the Api.
void add_password_endpoints(web::Api& api, Context& context);

}  // namespace localtea::api
