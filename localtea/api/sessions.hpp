// /api/v1/user: login, refresh, logout.
#pragma once

#include "api/context.hpp"

namespace web {
class Api;
}

namespace localtea::api {

/// Lifetime: `context` outlives the Api.
void add_session_endpoints(web::Api& api, Context& context);

}  // namespace localtea::api
