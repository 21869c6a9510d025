// What time does to accounts: the work of a periodic task.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"

namespace localtea::services {

/// An account whose address was not confirmed within this time is removed.
inline constexpr std::chrono::days unconfirmed_lifetime{7};

/// Batch by batch, each a transaction, so that nobody waits for it; `stop` is looked at between them.
/// Errors: db::Error; what was committed stays. Threads: any, several at once and in several processes.
/// Lifetime: what it is given must outlive it and every call.
class AccountUpkeep {
public:
    AccountUpkeep(db::Database& database, const samovar::Clock& clock) : database_(database), clock_(clock) {}

    /// Removes accounts without orders that nobody confirmed in time; returns how many.
    boost::asio::awaitable<std::int64_t> remove_unconfirmed_accounts(std::stop_token stop);
    /// Removes what has expired; returns how many sessions.
    boost::asio::awaitable<std::int64_t> remove_expired_sessions(std::stop_token stop);

private:
    db::Database& database_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
