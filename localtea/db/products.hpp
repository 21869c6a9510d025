// The catalogue as customers see it: nothing that is inactive, invisible, or below such a category.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"
#include "domain/catalogue.hpp"

namespace localtea::db {

/// The columns of categories `c` that read_category() reads; the names do not clash with a product's.
inline constexpr std::string_view category_columns =
    "c.id AS category_id, c.parent_id, c.name AS category_name, c.slug AS category_slug, "
    "c.description AS category_description, c.image AS category_image, c.is_active AS category_is_active, "
    "c.seo_title AS category_seo_title, c.seo_description AS category_seo_description";

domain::Category read_category(const Row& row);

/// In the order in which they are shown, parents and children mixed.
asio::awaitable<std::vector<domain::Category>> shown_categories(Session session);

/// The product with its images and the SKUs that may be seen, in one round trip.
asio::awaitable<std::optional<domain::Product>> find_shown_product(Session session, std::string slug);

/// Products with at least one SKU that may be seen, in one round trip. The same query gives the same order.
asio::awaitable<domain::ProductPage> list_shown_products(Session session, domain::ProductQuery query);

}  // namespace localtea::db
