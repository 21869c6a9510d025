// /api/v1/user: accounts.
#pragma once

#include "api/cart.hpp"
#include "api/context.hpp"

namespace web {
class Api;
}

namespace localtea::api {

/// Lifetime: `context` outlives the Api.
void add_user_endpoints(web::Api& api, Context& context);

/// Tells whose access token came with a call. Lifetime: `context` outlives it.
CustomerOf customer_by_token(Context& context);

}  // namespace localtea::api
