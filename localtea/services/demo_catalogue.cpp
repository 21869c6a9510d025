#include "services/demo_catalogue.hpp"

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/describe.hpp>
#include <embedded/demo.hpp>
#include <samovar/convert.hpp>
#include <samovar/json.hpp>

#include "db/catalogue_entries.hpp"

namespace localtea::services {
namespace {

// The members of demo/catalogue.json.
struct DemoCategory {
    std::string slug;
    std::string name;
    std::string description;
    std::string seo_title;
    std::optional<std::string> parent;
};
BOOST_DESCRIBE_STRUCT(DemoCategory, (), (slug, name, description, seo_title, parent))

struct DemoSku {
    std::int64_t weight = 0;
    std::int64_t price_cents = 0;
    std::int64_t discount_cents = 0;
    std::int64_t quantity = 0;
    bool is_limited = false;
};
BOOST_DESCRIBE_STRUCT(DemoSku, (), (weight, price_cents, discount_cents, quantity, is_limited))
SAMOVAR_DEFAULTS(DemoSku, discount_cents, is_limited)

struct DemoProduct {
    std::string category;
    std::string slug;
    std::string title;
    std::string tea_type;
    std::string description;
    std::string lore_description;
    samovar::Object brewing_guide;
    std::vector<DemoSku> skus;
};
BOOST_DESCRIBE_STRUCT(DemoProduct, (),
                      (category, slug, title, tea_type, description, lore_description, brewing_guide, skus))

struct DemoCatalogue {
    std::vector<DemoCategory> categories;
    std::vector<DemoProduct> products;
};
BOOST_DESCRIBE_STRUCT(DemoCatalogue, (), (categories, products))

DemoCatalogue read_demo() {
    DemoCatalogue demo;
    samovar::convert::Issues issues;
    if (!samovar::convert::from_value(samovar::json::parse(embedded::demo[0].content), demo, issues))
        throw std::logic_error("the demo catalogue that was built in cannot be read");
    return demo;
}

domain::Product product_of(const DemoProduct& demo, std::int64_t category_id, samovar::WallTime created_at) {
    domain::Product product{.title = demo.title,
                            .slug = demo.slug,
                            .tea_type = demo.tea_type,
                            .description = demo.description,
                            .lore_description = demo.lore_description,
                            .brewing_guide = demo.brewing_guide,
                            .seo_title = demo.title,
                            .seo_description = demo.description,
                            .created_at = created_at};
    product.category.id = category_id;
    for (const DemoSku& sku : demo.skus)
        product.skus.push_back(
            {.code = fmt::format("{}-{}", demo.slug, sku.weight),
             .weight = sku.weight,
             .price = {domain::Money::kopecks(sku.price_cents), domain::Money::kopecks(sku.discount_cents)},
             .quantity = sku.quantity,
             .is_limited = sku.is_limited,
             .sort_order = static_cast<std::int64_t>(product.skus.size())});
    return product;
}

using CategoryIds = std::map<std::string, std::int64_t, std::less<>>;

asio::awaitable<CategoryIds> add_categories(db::Session session, std::vector<DemoCategory> categories) {
    CategoryIds ids;
    for (const DemoCategory& demo : categories) {
        domain::Category category{.name = demo.name,
                                  .slug = demo.slug,
                                  .description = demo.description,
                                  .seo_title = demo.seo_title,
                                  .seo_description = demo.description};
        if (demo.parent) category.parent_id = ids.at(*demo.parent);
        ids.emplace(demo.slug, co_await db::add_category(session, std::move(category)));
    }
    co_return ids;
}

asio::awaitable<int> add_demo(db::Session session, Seeding seeding, samovar::WallTime now) {
    if (seeding == Seeding::empty_only && co_await db::has_products(session)) co_return 0;
    const DemoCatalogue demo = read_demo();
    const CategoryIds categories = co_await add_categories(session, demo.categories);
    int added = 0;
    // The file begins with the newest: a day lies between two.
    auto created_at = now;
    for (const DemoProduct& product : demo.products) {
        if (co_await db::add_product(session, product_of(product, categories.at(product.category), created_at)))
            ++added;
        created_at -= std::chrono::days{1};
    }
    co_return added;
}

}  // namespace

asio::awaitable<int> seed_demo_catalogue(db::Database& database, const samovar::Clock& clock, Seeding seeding) {
    return database.transaction(
        [seeding, now = clock.now()](db::Session session) { return add_demo(std::move(session), seeding, now); });
}

}  // namespace localtea::services
