// /livez, /readyz and /metrics: for whoever runs the shop.
#pragma once

#include "api/context.hpp"

namespace web {
class Api;
}

namespace localtea::api {

/// Lifetime: `context` outlives the Api.
void add_operations_endpoints(web::Api& api, Context& context);

}  // namespace localtea::api
