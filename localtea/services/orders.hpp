// What customers do with orders they have.
#pragma once

#include <cstdint>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "domain/order.hpp"
#include "services/error.hpp"

namespace localtea::services {

namespace asio = boost::asio;

/// Somebody else's order is one that does not exist: Error{not_found}.
/// Errors: Error; db::Error when the database is broken.
/// Threads: any. Lifetime: what it is given must outlive it and every call.
class Orders {
public:
    Orders(db::Database& database, const samovar::Clock& clock) : database_(database), clock_(clock) {}

    /// All of the customer's, newest first.
    asio::awaitable<std::vector<domain::Order>> list(std::int64_t user_id);

    /// Errors: Error{not_found}.
    asio::awaitable<domain::Order> find(std::int64_t user_id, std::int64_t id);
    asio::awaitable<domain::OrderStatus> status(std::int64_t user_id, std::int64_t id);

    /// The order is cancelled, its payment failed and its goods go back to the shelf; returns it as it is then.
    /// Errors: Error{not_found}, Error{refused} unless it awaits payment.
    asio::awaitable<domain::Order> cancel(std::int64_t user_id, std::int64_t id);

private:
    db::Database& database_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
