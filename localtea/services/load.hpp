// How much work waits in this process and in the outbox.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "services/password_hasher.hpp"

namespace localtea::services {

struct Load {
    /// Tasks that are not pushed to Redis yet.
    std::int64_t outbox_waiting = 0;
    /// Of the oldest of them; zero when there is none.
    std::chrono::duration<double> outbox_age{};
    /// Password hashes that run or wait for a thread.
    std::size_t hashes_waiting = 0;
    db::Usage database{};
};

/// Threads: any. Lifetime: what it is given must outlive it.
class LoadMeter {
public:
    LoadMeter(db::Database& database, const PasswordHasher& hasher, const samovar::Clock& clock)
        : database_(database), hasher_(hasher), clock_(clock) {}

    /// Errors: db::Error.
    boost::asio::awaitable<Load> measure() const;

private:
    db::Database& database_;
    const PasswordHasher& hasher_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
