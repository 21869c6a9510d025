// What customers and guests do with their carts.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "domain/cart.hpp"
#include "services/error.hpp"

namespace localtea::services {

namespace asio = boost::asio;

/// A guest's cart that nobody touches is kept for this long.
inline constexpr std::chrono::hours guest_cart_lifetime{24 * 30};

/// Putting into a cart reserves nothing: stock is looked at so that the customer hears of it early, and what
/// decides is the order.
///
/// Errors: Error; db::Error when the database is broken.
/// Threads: any. Lifetime: what it is given must outlive it and every call.
class Carts {
public:
    Carts(db::Database& database, const samovar::Clock& clock) : database_(database), clock_(clock) {}

    asio::awaitable<domain::Cart> load(domain::CartOwner owner);

    /// So many units more of the SKU, and the cart afterwards. Requires: quantity > 0.
    /// Errors: Error{not_found, not_in_stock, too_much}.
    asio::awaitable<domain::Cart> add(domain::CartOwner owner, std::int64_t sku_id, std::int64_t quantity);

    /// So many units on that line instead. Requires: quantity > 0.
    /// Errors: Error{not_found, not_in_stock, too_much}.
    asio::awaitable<domain::Cart> change(domain::CartOwner owner, std::int64_t line_id, std::int64_t quantity);

    /// Errors: Error{not_found}.
    asio::awaitable<domain::Cart> remove(domain::CartOwner owner, std::int64_t line_id);

    asio::awaitable<domain::Cart> clear(domain::CartOwner owner);

    /// At sign-in: what the guest of this session put into his cart is in the customer's from now on, as far as
    /// stock and limits allow, and the guest's is gone. A session without a cart, or an id that is none: nothing.
    /// Throws nothing: who has signed in is signed in, and a cart that a busy database kept waits for the next
    /// time.
    asio::awaitable<void> merge_guest_cart(std::string session_id, std::int64_t user_id);

private:
    db::Database& database_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
