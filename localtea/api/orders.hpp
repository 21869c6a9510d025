// /api/v1/orders: from the cart to an order, and what becomes of it.
#pragma once

#include "services/order_services.hpp"

namespace web {
class Api;
}

namespace localtea::api {

/// Requires: web::Depends<domain::User> is provided. Lifetime: `orders` outlives the Api.
void add_order_endpoints(web::Api& api, services::OrderServices& orders);

}  // namespace localtea::api
