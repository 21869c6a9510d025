// /catalog: categories, products, SKUs. Nobody has to sign in.
#pragma once

namespace web {
class Api;
}

namespace localtea::services {
class Catalogue;
}

namespace localtea::api {

/// Lifetime: `catalogue` outlives the Api.
void add_catalogue_endpoints(web::Api& api, services::Catalogue& catalogue);

}  // namespace localtea::api
