#include "services/catalogue.hpp"

#include "db/products.hpp"
#include "db/skus.hpp"

namespace localtea::services {

asio::awaitable<std::vector<domain::CategoryBranch>> Catalogue::categories() {
    co_return domain::category_tree(
        co_await database_.read([](db::Session session) { return db::shown_categories(std::move(session)); }));
}

asio::awaitable<domain::ProductPage> Catalogue::products(domain::ProductQuery query) {
    return database_.read([query = std::move(query)](db::Session session) {
        return db::list_shown_products(std::move(session), query);
    });
}

asio::awaitable<domain::Product> Catalogue::product(std::string slug) {
    auto product = co_await database_.read([slug = std::move(slug)](db::Session session) {
        return db::find_shown_product(std::move(session), slug);
    });
    if (!product) throw Error{Errc::not_found, "Такого товара нет."};
    co_return *std::move(product);
}

asio::awaitable<domain::Sku> Catalogue::sku(std::int64_t id) {
    const auto sku =
        co_await database_.read([id](db::Session session) { return db::find_shown_sku(std::move(session), id); });
    if (!sku) throw Error{Errc::not_found, "Такого товара нет."};
    co_return *sku;
}

}  // namespace localtea::services
