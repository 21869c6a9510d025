// /api/v1/user: profiles, what is changed in them, and the end of an account.
#pragma once

#include "api/context.hpp"

namespace web {
class Api;
}

namespace localtea::api {

/// Lifetime: `context` outlives the Api.
void add_profile_endpoints(web::Api& api, Context& context);

}  // namespace localtea::api
