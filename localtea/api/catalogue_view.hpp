// The catalogue as the storefront sees it: the bodies of /catalog.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>
#include <samovar/convert.hpp>
#include <web/constraints.hpp>

#include "domain/catalogue.hpp"
#include "domain/category_tree.hpp"

namespace localtea::domain {
BOOST_DESCRIBE_ENUM(ProductSort, newest, price_asc, price_desc, title)
}

namespace localtea::api {

struct CategoryView {
    std::int64_t id = 0;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    std::optional<std::string> image;
    std::optional<std::int64_t> parent_id;
    bool is_active = false;
    std::optional<std::string> seo_title;
    std::optional<std::string> seo_description;
};
BOOST_DESCRIBE_STRUCT(CategoryView, (),
                      (id, name, slug, description, image, parent_id, is_active, seo_title, seo_description))

struct CategoryBranchView : CategoryView {
    std::vector<CategoryBranchView> children;
};
BOOST_DESCRIBE_STRUCT(CategoryBranchView, (CategoryView), (children))

struct SkuView {
    std::int64_t id = 0;
    std::string sku_code;
    std::int64_t weight = 0;
    std::int64_t price_cents = 0;
    std::int64_t discount_cents = 0;
    std::int64_t quantity = 0;
    std::int64_t reserved_quantity = 0;
    bool is_active = false;
    bool is_visible = false;
    bool is_limited = false;
    std::int64_t sort_order = 0;
};
BOOST_DESCRIBE_STRUCT(SkuView, (),
                      (id, sku_code, weight, price_cents, discount_cents, quantity, reserved_quantity, is_active,
                       is_visible, is_limited, sort_order))

struct ProductImageView {
    std::int64_t id = 0;
    std::string url;
    bool is_main = false;
    std::int64_t sort_order = 0;
};
BOOST_DESCRIBE_STRUCT(ProductImageView, (), (id, url, is_main, sort_order))

struct ProductListItemView {
    std::int64_t id = 0;
    std::string title;
    std::string slug;
    std::optional<std::string> tea_type;
    std::optional<std::string> main_image;
    std::int64_t min_price_cents = 0;
    CategoryView category;
};
BOOST_DESCRIBE_STRUCT(ProductListItemView, (), (id, title, slug, tea_type, main_image, min_price_cents, category))

struct ProductPageView {
    std::vector<ProductListItemView> items;
    std::int64_t total = 0;
    std::int64_t page = 1;
    std::int64_t pages = 0;
};
BOOST_DESCRIBE_STRUCT(ProductPageView, (), (items, total, page, pages))

/// Likes and comments are outside this version: nobody has given any.
struct ProductDetailView {
    std::int64_t id = 0;
    std::string title;
    std::string slug;
    std::optional<std::string> tea_type;
    std::optional<std::string> description;
    std::optional<std::string> lore_description;
    std::optional<samovar::Object> brewing_guide;
    std::int64_t category_id = 0;
    bool is_active = false;
    std::string created_at;
    std::int64_t views_count = 0;
    std::int64_t likes_count = 0;
    std::int64_t comments_count = 0;
    bool is_liked = false;
    std::optional<std::string> seo_title;
    std::optional<std::string> seo_description;
    std::vector<ProductImageView> images;
    std::vector<SkuView> skus;
    CategoryView category;
};
BOOST_DESCRIBE_STRUCT(ProductDetailView, (),
                      (id, title, slug, tea_type, description, lore_description, brewing_guide, category_id,
                       is_active, created_at, views_count, likes_count, comments_count, is_liked, seo_title,
                       seo_description, images, skus, category))

std::vector<CategoryBranchView> view(const std::vector<domain::CategoryBranch>& branches);
SkuView view(const domain::Sku& sku);
ProductDetailView view(domain::Product product);

struct ProductsQuery {
    std::int64_t page = 1;
    std::int64_t limit = 20;
    std::optional<std::int64_t> category_id;
    std::optional<std::string> tea_type;
    domain::ProductSort sort = domain::ProductSort::newest;
    std::optional<std::string> q;
};
BOOST_DESCRIBE_STRUCT(ProductsQuery, (), (page, limit, category_id, tea_type, sort, q))
SAMOVAR_DEFAULTS(ProductsQuery, page, limit, sort)

/// Requires: the query has passed its constraints.
domain::ProductQuery product_query(const ProductsQuery& query);
ProductPageView view(const domain::ProductPage& page, const ProductsQuery& query);

struct SlugPath {
    std::string slug;
};
BOOST_DESCRIBE_STRUCT(SlugPath, (), (slug))

struct IdPath {
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(IdPath, (), (id))

}  // namespace localtea::api

template <>
struct web::Constraints<localtea::api::ProductsQuery> {
    using Query = localtea::api::ProductsQuery;
    static constexpr auto list = std::tuple{
        web::field(&Query::page).ge(1).le(1'000'000),
        web::field(&Query::limit).ge(1).le(100),
        web::field(&Query::category_id).description("With all the categories below it"),
        web::field(&Query::tea_type).max_length(100).description("Exactly as products tell it"),
        web::field(&Query::q).max_length(100).description(
            "Words of title, type and description, in any case; the first eight count, and all must be there"),
    };
};
