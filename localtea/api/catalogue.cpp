#include "api/endpoints.hpp"

#include <web/api.hpp>

#include "api/catalogue_view.hpp"
#include "api/errors.hpp"
#include "services/catalogue.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

class CatalogueEndpoints {
public:
    explicit CatalogueEndpoints(services::Catalogue& catalogue) : catalogue_(catalogue) {}

    asio::awaitable<std::vector<CategoryBranchView>> categories() const {
        co_return view(co_await catalogue_.categories());
    }

    asio::awaitable<ProductPageView> products(web::Query<ProductsQuery> query) const {
        co_return view(co_await catalogue_.products(product_query(*query)), *query);
    }

    asio::awaitable<ProductDetailView> product(web::Path<SlugPath> path) const {
        co_return view(co_await answered(catalogue_.product(std::move(path->slug))));
    }

    asio::awaitable<SkuView> sku(web::Path<IdPath> path) const {
        co_return view(co_await answered(catalogue_.sku(path->id)));
    }

private:
    services::Catalogue& catalogue_;
};

}  // namespace

void add_catalogue_endpoints(web::Api& api, services::Catalogue& catalogue) {
    const auto endpoints = std::make_shared<const CatalogueEndpoints>(catalogue);
    auto catalog = api.group("/api/v1/catalog", {.tags = {"catalog"}});
    catalog.get("/categories", endpoints, &CatalogueEndpoints::categories, {.summary = "The tree of categories"});
    catalog.get("/products", endpoints, &CatalogueEndpoints::products,
                {.summary = "A page of products",
                 .description = "Those with at least one SKU for sale. min_price_cents is the least that one unit "
                                "costs, discount taken off."});
    catalog.get("/products/{slug}", endpoints, &CatalogueEndpoints::product,
                {.summary = "A product with its SKUs", .errors = {{404, "No such product"}}});
    catalog.get("/skus/{id}", endpoints, &CatalogueEndpoints::sku,
                {.summary = "A SKU", .errors = {{404, "No such SKU"}}});
}

}  // namespace localtea::api
