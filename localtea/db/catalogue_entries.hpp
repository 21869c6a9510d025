// Puts categories and products into the catalogue.
#pragma once

#include <cstdint>
#include <optional>

#include "db/session.hpp"
#include "domain/catalogue.hpp"

namespace localtea::db {

/// Adds the category after all others and returns its id; the given id counts for nothing. One that has
/// the slug already is left as it is, and its id returned.
asio::awaitable<std::int64_t> add_category(Session session, domain::Category category);

/// Adds the product to the category whose id it names, with images and SKUs, all of whose own ids count for
/// nothing, and returns its id. Nothing, and nothing is changed, when there is one with its slug.
/// Errors: Error{unique_violation} for a sku_code that another product has.
asio::awaitable<std::optional<std::int64_t>> add_product(Session session, domain::Product product);

asio::awaitable<bool> has_products(Session session);

}  // namespace localtea::db
