#include "db/catalogue_entries.hpp"

#include <samovar/json.hpp>

#include "domain/search_text.hpp"

namespace localtea::db {
namespace {

std::optional<std::string> guide_text(const samovar::Object& guide) {
    if (guide.empty()) return std::nullopt;
    return samovar::json::dump_compact(guide);
}

asio::awaitable<std::optional<std::int64_t>> insert_product(Session session, domain::Product product) {
    const Rows rows = co_await session.query(
        "INSERT INTO products (category_id, title, slug, tea_type, description, lore_description, brewing_guide, "
        "search_text, is_active, views_count, seo_title, seo_description, created_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (slug) DO NOTHING "
        "RETURNING id",
        product.category.id, product.title, product.slug, product.tea_type, product.description,
        product.lore_description, guide_text(product.brewing_guide), domain::product_search_text(product),
        product.is_active, product.views_count, product.seo_title, product.seo_description, product.created_at);
    if (const auto row = rows.first()) co_return row->get<std::int64_t>("id");
    co_return std::nullopt;
}

asio::awaitable<void> insert_images(Session session, std::int64_t product_id,
                                    std::vector<domain::ProductImage> images) {
    std::vector<Parameters> sets;
    for (domain::ProductImage& image : images)
        sets.push_back({product_id, std::move(image.url), image.is_main, image.sort_order});
    co_await session.exec_each(
        "INSERT INTO product_images (product_id, url, is_main, sort_order) VALUES ($1, $2, $3, $4)",
        std::move(sets));
}

asio::awaitable<void> insert_skus(Session session, std::int64_t product_id, std::vector<domain::Sku> skus) {
    std::vector<Parameters> sets;
    for (domain::Sku& sku : skus)
        sets.push_back({product_id, std::move(sku.code), sku.weight, sku.price.full.in_kopecks(),
                        sku.price.discount.in_kopecks(), sku.quantity, sku.reserved_quantity, sku.is_active,
                        sku.is_visible, sku.is_limited, sku.sort_order});
    co_await session.exec_each(
        "INSERT INTO skus (product_id, sku_code, weight, price_cents, discount_cents, quantity, "
        "reserved_quantity, is_active, is_visible, is_limited, sort_order) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        std::move(sets));
}

}  // namespace

asio::awaitable<std::int64_t> add_category(Session session, domain::Category category) {
    const Rows added = co_await session.query(
        "INSERT INTO categories (parent_id, name, slug, description, image, is_active, seo_title, "
        "seo_description, sort_order) "
        "SELECT $1, $2, $3, $4, $5, $6, $7, $8, COALESCE(max(sort_order), 0) + 1 FROM categories WHERE TRUE "
        "ON CONFLICT (slug) DO NOTHING RETURNING id",
        category.parent_id, category.name, category.slug, category.description, category.image, category.is_active,
        category.seo_title, category.seo_description);
    if (const auto row = added.first()) co_return row->get<std::int64_t>("id");
    const Rows known = co_await session.query("SELECT id FROM categories WHERE slug = $1", category.slug);
    co_return known[0].get<std::int64_t>("id");
}

asio::awaitable<std::optional<std::int64_t>> add_product(Session session, domain::Product product) {
    const auto id = co_await insert_product(session, product);
    if (!id) co_return std::nullopt;
    co_await insert_images(session, *id, std::move(product.images));
    co_await insert_skus(session, *id, std::move(product.skus));
    co_return id;
}

asio::awaitable<bool> has_products(Session session) {
    const Rows rows = co_await session.query("SELECT 1 FROM products LIMIT 1");
    co_return !rows.empty();
}

}  // namespace localtea::db
