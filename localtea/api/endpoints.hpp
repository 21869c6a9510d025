// The endpoint table: one function for each resource, in the file of that name.
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
class Catalogue;
class Payments;
struct OrderServices;
}  // namespace localtea::services

namespace localtea::api {

struct Context;

/// The id of the customer whose token came with the call. Throws web::HttpError when it is not good.
using CustomerOf = std::function<boost::asio::awaitable<std::int64_t>(web::RequestPtr)>;

// Lifetime: what is given by reference outlives the Api. Those with a Context, and orders, need
// provide_signed_in() before them.

/// /livez, /readyz, /metrics: for who runs the shop.
void add_operations_endpoints(web::Api& api, Context& context);

/// /api/v1/user: registration, confirmation and change of the address; and the pages that mailed links lead to.
void add_user_endpoints(web::Api& api, Context& context);
/// /api/v1/user: login, refresh, logout.
void add_session_endpoints(web::Api& api, Context& context);
/// /api/v1/user: own and public profile, its changes, the account's end.
void add_profile_endpoints(web::Api& api, Context& context);
/// /api/v1/user: forgotten, reset and changed passwords; and the page to reset one.
void add_password_endpoints(web::Api& api, Context& context);

/// /api/v1/catalog: categories, products, SKUs. Nobody has to sign in.
void add_catalogue_endpoints(web::Api& api, services::Catalogue& catalogue);
/// /api/v1/cart: a customer's by token, a guest's by X-Session-ID. `customer_of` is asked for calls that have an
/// Authorization header; the others are guests'. Lifetime: what `customer_of` uses outlives the Api, too.
void add_cart_endpoints(web::Api& api, services::Carts& carts, CustomerOf customer_of);
/// /api/v1/orders: of the signed-in customer.
void add_order_endpoints(web::Api& api, services::OrderServices& orders);
/// /api/v1/webhooks: what payment providers tell.
void add_webhook_endpoints(web::Api& api, services::Payments& payments);

/// /sandbox/pay: the page of a payment provider that takes no money. While debugging only.
void add_sandbox_pages(web::Api& api, services::Payments& payments);
/// /mailbox: the mails that were written to files instead of sent. While debugging only.
void add_mailbox_pages(web::Api& api, Context& context);

}  // namespace localtea::api
