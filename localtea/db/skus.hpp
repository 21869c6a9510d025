// SKUs in the database.
#pragma once

#include <optional>

#include "db/session.hpp"
#include "domain/catalogue.hpp"

namespace localtea::db {

/// The columns of skus `s` that read_sku() reads.
inline constexpr std::string_view sku_columns =
    "s.id, s.product_id, s.sku_code, s.weight, s.price_cents, s.discount_cents, s.quantity, s.reserved_quantity, "
    "s.is_active, s.is_visible, s.is_limited, s.sort_order";

domain::Sku read_sku(const Row& row);

/// price_cents and discount_cents.
domain::Price read_price(const Row& row);

/// The SKU if customers may see it: active and visible, as are its product and every category above.
asio::awaitable<std::optional<domain::Sku>> find_shown_sku(Session session, std::int64_t id);

}  // namespace localtea::db
