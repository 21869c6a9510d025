// The end of orders that nobody paid.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"

namespace localtea::services {

struct OrderExpiryOptions {
    /// An order that awaits payment for longer is cancelled.
    std::chrono::minutes payment_timeout{30};
    /// Orders in one transaction; bench/expiry measures what that costs.
    std::int64_t batch = 2'000;
};

/// Threads: any, several at once and in several processes. Lifetime: what it is given must outlive it and every
/// call.
class OrderExpiry {
public:
    OrderExpiry(OrderExpiryOptions options, db::Database& database, const samovar::Clock& clock)
        : options_(options), database_(database), clock_(clock) {}

    /// Cancels what has expired until nothing is left that others are not changing themselves, and forgets
    /// idempotency keys whose time has passed. Each batch is a transaction; `stop` is looked at between them.
    /// Returns how many orders were cancelled. Errors: db::Error; what was committed stays.
    boost::asio::awaitable<std::int64_t> cancel_expired_orders(std::stop_token stop);

private:
    OrderExpiryOptions options_;
    db::Database& database_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
