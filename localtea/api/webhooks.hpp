// /api/v1/webhooks: what payment providers tell.
#pragma once

#include "services/payments.hpp"

namespace web {
class Api;
}

namespace localtea::api {

/// Lifetime: `payments` outlives the Api.
void add_webhook_endpoints(web::Api& api, services::Payments& payments);

}  // namespace localtea::api
