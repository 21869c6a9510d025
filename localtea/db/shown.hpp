// What customers may see: pieces of SQL that every query of the catalogue and of carts is made with. A category is
// shown while it and all above it are active; a product while it is active and its category shown; a SKU while it
// is active and visible and its product shown.
#pragma once

#include <string_view>

namespace localtea::db {

/// Condition on skus `s`, apart from their product.
inline constexpr std::string_view sku_is_shown = "(s.is_active AND s.is_visible)";

/// Condition on products `p`: walks up from the product's category, which for a few products is the quickest. The
/// first two steps are spelled out: a recursion makes a temporary table, and few shops have a third level.
inline constexpr std::string_view product_is_shown =
    "(p.is_active AND EXISTS (SELECT 1 FROM categories l WHERE l.id = p.category_id AND l.is_active AND "
    "(l.parent_id IS NULL OR EXISTS (SELECT 1 FROM categories u WHERE u.id = l.parent_id AND u.is_active AND "
    "(u.parent_id IS NULL OR NOT EXISTS (WITH RECURSIVE line (id, parent_id, is_active) AS ("
    "SELECT a.id, a.parent_id, a.is_active FROM categories a WHERE a.id = u.parent_id "
    "UNION SELECT a.id, a.parent_id, a.is_active FROM categories a JOIN line ON a.id = line.parent_id) "
    "SELECT 1 FROM line WHERE NOT is_active))))))";

/// The same for lists, which may look at every product: finds the shown categories (id) once. The first goes
/// before SELECT.
inline constexpr std::string_view with_shown_categories =
    "WITH RECURSIVE shown_categories (id) AS ("
    "SELECT l.id FROM categories l WHERE l.parent_id IS NULL AND l.is_active "
    "UNION ALL SELECT l.id FROM categories l JOIN shown_categories above ON l.parent_id = above.id "
    "WHERE l.is_active) ";
inline constexpr std::string_view listed_product_is_shown =
    "(p.is_active AND p.category_id IN (SELECT id FROM shown_categories))";

}  // namespace localtea::db
