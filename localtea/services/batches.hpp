// Changes to many rows without anybody having to wait for them.
#pragma once

#include <cstdint>
#include <stop_token>

#include <boost/asio/awaitable.hpp>

#include "db/database.hpp"

namespace localtea::services {

/// Repeats `change`, which changes `size` rows at the most and returns how many, each time in a transaction of its
/// own, until there is less to do than that; `stop` is looked at between them. Returns how many it were in all.
/// Errors: db::Error and `change`'s; what was committed stays. Lifetime: the database outlives the call.
template <class Change>
boost::asio::awaitable<std::int64_t> in_batches(db::Database* database, std::int64_t size, std::stop_token stop,
                                                Change change) {
    std::int64_t changed = 0;
    for (auto batch = size; batch == size && !stop.stop_requested(); changed += batch)
        batch = co_await database->transaction(change);
    co_return changed;
}

}  // namespace localtea::services
