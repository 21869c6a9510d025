// /cart: a customer's by token, a guest's by X-Session-ID.
#pragma once

#include <cstdint>
#include <functional>

#include <boost/asio/awaitable.hpp>
#include <web/request.hpp>

namespace web {
class Api;
}

namespace localtea::services {
class Carts;
}

namespace localtea::api {

/// The id of the customer whose token came with the call. Throws web::HttpError when it is not good.
using CustomerOf = std::function<boost::asio::awaitable<std::int64_t>(web::RequestPtr)>;

/// `customer_of` is asked for calls that have an Authorization header; the others are guests'.
/// Lifetime: `carts`, and what `customer_of` uses, outlive the Api.
void add_cart_endpoints(web::Api& api, services::Carts& carts, CustomerOf customer_of);

}  // namespace localtea::api
