#include "db/products.hpp"

#include <fmt/format.h>
#include <samovar/json.hpp>

#include "db/shown.hpp"
#include "db/skus.hpp"

namespace localtea::db {
namespace {

using Text = std::optional<std::string>;

samovar::Object read_guide(const Text& text) {
    if (!text) return {};
    const samovar::Value guide = samovar::json::parse(*text);
    const samovar::Object* object = guide.if_object();
    if (object == nullptr) throw Error{Errc::bad_value, "column brewing_guide is not a JSON object"};
    return *object;
}

domain::Product read_product(const Row& row) {
    return {
        .id = row.get<std::int64_t>("id"),
        .title = row.get<std::string>("title"),
        .slug = row.get<std::string>("slug"),
        .tea_type = row.get<Text>("tea_type"),
        .description = row.get<Text>("description"),
        .lore_description = row.get<Text>("lore_description"),
        .brewing_guide = read_guide(row.get<Text>("brewing_guide")),
        .is_active = row.get<bool>("is_active"),
        .views_count = row.get<std::int64_t>("views_count"),
        .seo_title = row.get<Text>("seo_title"),
        .seo_description = row.get<Text>("seo_description"),
        .created_at = row.get<samovar::WallTime>("created_at"),
        .category = read_category(row),
    };
}

domain::ProductImage read_image(const Row& row) {
    return {
        .id = row.get<std::int64_t>("id"),
        .url = row.get<std::string>("url"),
        .is_main = row.get<bool>("is_main"),
        .sort_order = row.get<std::int64_t>("sort_order"),
    };
}

const std::string& product_sql() {
    static const std::string sql = fmt::format(
        "SELECT p.id, p.title, p.slug, p.tea_type, p.description, p.lore_description, p.brewing_guide, "
        "p.is_active, p.views_count, p.seo_title, p.seo_description, p.created_at, {} "
        "FROM products p JOIN categories c ON c.id = p.category_id WHERE p.slug = $1 AND {}",
        category_columns, product_is_shown);
    return sql;
}

constexpr const char* images_sql =
    "SELECT m.id, m.url, m.is_main, m.sort_order FROM products p JOIN product_images m ON m.product_id = p.id "
    "WHERE p.slug = $1 ORDER BY m.sort_order, m.id";

const std::string& skus_sql() {
    static const std::string sql = fmt::format(
        "SELECT {} FROM products p JOIN skus s ON s.product_id = p.id WHERE p.slug = $1 AND {} "
        "ORDER BY s.sort_order, s.id",
        sku_columns, sku_is_shown);
    return sql;
}

}  // namespace

domain::Category read_category(const Row& row) {
    return {
        .id = row.get<std::int64_t>("category_id"),
        .parent_id = row.get<std::optional<std::int64_t>>("parent_id"),
        .name = row.get<std::string>("category_name"),
        .slug = row.get<std::string>("category_slug"),
        .description = row.get<Text>("category_description"),
        .image = row.get<Text>("category_image"),
        .is_active = row.get<bool>("category_is_active"),
        .seo_title = row.get<Text>("category_seo_title"),
        .seo_description = row.get<Text>("category_seo_description"),
    };
}

asio::awaitable<std::vector<domain::Category>> shown_categories(Session session) {
    static const std::string sql = fmt::format(
        "{}SELECT {} FROM categories c WHERE c.id IN (SELECT id FROM shown_categories) ORDER BY c.sort_order, "
        "c.id",
        with_shown_categories, category_columns);
    std::vector<domain::Category> categories;
    for (const Row& row : co_await session.query(sql)) categories.push_back(read_category(row));
    co_return categories;
}

asio::awaitable<std::optional<domain::Product>> find_shown_product(Session session, std::string slug) {
    std::vector<Statement> statements;
    statements.push_back({product_sql(), {slug}});
    statements.push_back({images_sql, {slug}});
    statements.push_back({skus_sql(), {std::move(slug)}});
    const auto results = co_await session.query_all(std::move(statements));
    const auto row = results[0].first();
    if (!row) co_return std::nullopt;
    domain::Product product = read_product(*row);
    for (const Row& image : results[1]) product.images.push_back(read_image(image));
    for (const Row& sku : results[2]) product.skus.push_back(read_sku(sku));
    co_return product;
}

}  // namespace localtea::db
