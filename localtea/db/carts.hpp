// Carts in the database.
//
// Who changes a cart, or makes an order of it, first locks it by open_cart() or lock_cart() within a transaction:
// then two tabs, or a tab and a checkout, come one after the other.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <samovar/clock.hpp>

#include "db/session.hpp"
#include "domain/cart.hpp"

namespace localtea::db {

/// The owner's cart with its lines; empty, with id 0, when there is none.
asio::awaitable<domain::Cart> load_cart(Session session, domain::CartOwner owner);

/// Locks the owner's cart until the transaction ends and returns its id; makes one when there is none.
asio::awaitable<std::int64_t> open_cart(Session session, domain::CartOwner owner, samovar::WallTime now);

/// The same, but makes none.
asio::awaitable<std::optional<std::int64_t>> lock_cart(Session session, domain::CartOwner owner,
                                                       samovar::WallTime now);

/// The lines at today's prices, in the order in which they were put in. Those that customers may not see any more
/// are left out, and come back when they may.
asio::awaitable<std::vector<domain::CartLine>> cart_lines(Session session, std::int64_t cart_id);

/// So many units of the SKU are in the cart from now on, whether some were or not. Requires: quantity > 0, a SKU
/// that exists.
asio::awaitable<void> put_line(Session session, std::int64_t cart_id, std::int64_t sku_id, std::int64_t quantity);

/// False when the cart has no such line.
asio::awaitable<bool> remove_line(Session session, std::int64_t cart_id, std::int64_t line_id);

/// Empties the cart.
asio::awaitable<void> clear_cart(Session session, std::int64_t cart_id);

/// Removes the cart itself.
asio::awaitable<void> delete_cart(Session session, std::int64_t cart_id);

/// Removes guests' carts that nobody has touched since, the oldest first and so many at most; returns how many.
asio::awaitable<std::int64_t> forget_guest_carts(Session session, samovar::WallTime untouched_since,
                                                 std::int64_t limit);

}  // namespace localtea::db
