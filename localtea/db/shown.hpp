// What customers may see, said once: pieces of SQL that every query of the catalogue and of carts is made with.
#pragma once

#include <string_view>

namespace localtea::db {

/// Goes before SELECT: shown_categories (id), active up to the root.
inline constexpr std::string_view with_shown_categories =
    "WITH RECURSIVE shown_categories (id) AS ("
    "SELECT id FROM categories WHERE parent_id IS NULL AND is_active "
    "UNION ALL SELECT c.id FROM categories c JOIN shown_categories p ON c.parent_id = p.id WHERE c.is_active) ";

/// Conditions on products `p` and skus `s`. Requires: with_shown_categories.
inline constexpr std::string_view product_is_shown =
    "(p.is_active AND p.category_id IN (SELECT id FROM shown_categories))";
inline constexpr std::string_view sku_is_shown = "(s.is_active AND s.is_visible)";

}  // namespace localtea::db
