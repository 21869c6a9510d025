// A small catalogue for tests.
#pragma once

#include <cstdint>
#include <string>

#include "db/catalogue_entries.hpp"

namespace localtea::testing {

inline domain::Category category(std::string slug, std::optional<std::int64_t> parent = {},
                                 bool is_active = true) {
    return {.parent_id = parent, .name = "Раздел " + slug, .slug = std::move(slug), .is_active = is_active};
}

/// Of one weight: 100 g, 10 units, 500.00 with 50.00 off, code as slug.
inline domain::Sku sku(std::string code) {
    return {.code = std::move(code),
            .weight = 100,
            .price = {domain::Money::kopecks(50'000), domain::Money::kopecks(5'000)},
            .quantity = 10};
}

inline domain::Product product(std::string slug, std::int64_t category_id) {
    domain::Product product{.title = "Чай " + slug, .slug = slug, .tea_type = "Зелёный"};
    product.category.id = category_id;
    product.skus = {sku(slug)};
    return product;
}

/// Adds it, and returns the id of its first SKU.
inline db::asio::awaitable<std::int64_t> add_for_sale(db::Session session, domain::Product product) {
    const std::string code = product.skus.at(0).code;
    co_await db::add_product(session, std::move(product));
    const auto rows = co_await session.query("SELECT id FROM skus WHERE sku_code = $1", code);
    co_return rows[0].get<std::int64_t>("id");
}

}  // namespace localtea::testing
