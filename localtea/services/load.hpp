// How much work waits in this process, in the outbox and in Redis.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <samovar/app.hpp>
#include <samovar/backlog.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "services/password_hasher.hpp"

namespace localtea::services {

struct Load {
    /// Tasks that are not pushed to Redis yet.
    std::int64_t outbox_waiting = 0;
    /// Of the oldest of them; zero when there is none.
    std::chrono::duration<double> outbox_age{};
    /// Tasks that cannot be pushed.
    std::int64_t outbox_put_aside = 0;
    /// Password hashes that run or wait for a thread.
    std::size_t hashes_waiting = 0;
    db::Usage database{};
    /// What waits in Redis; nothing when Redis does not answer.
    std::optional<samovar::Backlog> backlog;
};

/// Threads: any. Lifetime: what it is given must outlive it.
class LoadMeter {
public:
    LoadMeter(db::Database& database, const PasswordHasher& hasher, samovar::App& app, const samovar::Clock& clock)
        : database_(database), hasher_(hasher), app_(app), clock_(clock) {}

    /// Errors: db::Error.
    boost::asio::awaitable<Load> measure() const;

private:
    db::Database& database_;
    const PasswordHasher& hasher_;
    samovar::App& app_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
