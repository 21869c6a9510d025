// The customer behind a call.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <web/request.hpp>

#include "api/context.hpp"
#include "api/endpoints.hpp"

namespace web {
class Api;
}

namespace localtea::api {

/// Whose access token came with the call, after its CSRF token.
/// Errors: web::HttpError, 401 without a token that is good, 403 for the other. Lifetime: `context` until it has
/// ended.
boost::asio::awaitable<services::SignedIn> signed_in(Context* context, web::RequestPtr request);

/// Makes web::Depends<domain::User> and web::Depends<services::SignedIn> available, by signed_in(). Before the
/// first endpoint that depends on them. Lifetime: `context` outlives the Api.
void provide_signed_in(web::Api& api, Context& context);

/// For the cart: the id of signed_in()'s customer. Lifetime: `context` outlives what is returned.
CustomerOf customer_by_token(Context& context);

}  // namespace localtea::api
