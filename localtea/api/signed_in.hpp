// The customer behind a call.
#pragma once

#include "api/context.hpp"

namespace web {
class Api;
}

namespace localtea::api {

/// Makes web::Depends<domain::User> and web::Depends<services::SignedIn> available: whose access token came with
/// the call, after its CSRF token. Before the first endpoint that depends on them. They throw web::HttpError: 401
/// without a token that is good, 403 for the other. Lifetime: `context` outlives the Api.
void provide_signed_in(web::Api& api, Context& context);

}  // namespace localtea::api
