// Unpaid orders whose time has passed, in batches.
#pragma once

#include <cstdint>

#include <samovar/clock.hpp>

#include "db/session.hpp"

namespace localtea::db {

/// Cancels orders that await payment and were made at or before `made_before`, the oldest first and `limit` at
/// most: their payments fail, and what they hold goes back to the shelf. Returns how many. An order that somebody
/// else is changing is passed over: it is being paid or cancelled, or the next call finds it.
asio::awaitable<std::int64_t> expire_orders(Session session, samovar::WallTime made_before, std::int64_t limit,
                                            samovar::WallTime now);

}  // namespace localtea::db
