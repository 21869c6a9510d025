// /sandbox: the payment page of the built-in provider. With DEBUG only.
#pragma once

#include "services/payments.hpp"

namespace web {
class Api;
}

namespace localtea::api {

/// Lifetime: `payments` outlives the Api.
void add_sandbox_pages(web::Api& api, services::Payments& payments);

}  // namespace localtea::api
