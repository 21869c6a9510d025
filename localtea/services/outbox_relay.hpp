// From the outbox to Redis.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <samovar/app.hpp>
#include <samovar/clock.hpp>

#include "base/signal.hpp"
#include "db/database.hpp"

namespace localtea::services {

struct OutboxRelayOptions {
    /// How often rows are looked for that other processes wrote and did not push, e.g. because they died.
    std::chrono::milliseconds look_every{2'000};
    /// Pause after a push that failed.
    std::chrono::milliseconds after_failure{500};
    std::int64_t rows_at_once = 100;
};

/// Pushes what transactions left in the outbox. Runs in every api and worker process; a row is claimed by one at a
/// time, and the push marks its id in Redis, so that it is published once whoever dies where. A row goes when
/// Redis, still the same one, has had it for five seconds; if Redis was restarted since, it is pushed again. A row
/// that cannot be sent whatever Redis does is put aside (db::put_aside), and those behind it go out.
///
/// Threads: run() on one thread at a time; nudge() and stop() from any. Lifetime: what it is given must outlive
/// run().
class OutboxRelay {
public:
    OutboxRelay(db::Database& database, samovar::App& app, const samovar::Clock& clock,
                OutboxRelayOptions options = {});

    /// Returns after stop(). While Redis or the database is away it waits; any other error ends it.
    boost::asio::awaitable<void> run();
    /// There is something new to push.
    void nudge();
    void stop();

private:
    boost::asio::awaitable<bool> nothing_to_do();
    boost::asio::awaitable<bool> push_some();
    boost::asio::awaitable<void> settle();

    db::Database& database_;
    samovar::App& app_;
    const samovar::Clock& clock_;
    const OutboxRelayOptions options_;
    samovar::Signal bell_;
    std::atomic<bool> stopped_{false};
};

}  // namespace localtea::services
