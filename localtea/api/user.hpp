// /api/v1/user: accounts.
#pragma once

#include "api/context.hpp"

namespace web {
class Api;
}

namespace localtea::api {

/// Lifetime: `context` outlives the Api.
void add_user_endpoints(web::Api& api, Context& context);

}  // namespace localtea::api
