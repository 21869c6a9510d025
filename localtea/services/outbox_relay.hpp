// From the outbox to Redis.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <samovar/app.hpp>
#include <samovar/clock.hpp>

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
/// Redis, still the same one, has had it for five seconds; if Redis was restarted since, it is pushed again.
///
/// Threads: run() on the executor; nudge() and stop() from any thread. Lifetime: what it is given must outlive
/// run().
class OutboxRelay {
public:
    OutboxRelay(boost::asio::any_io_executor executor, db::Database& database, samovar::App& app,
                const samovar::Clock& clock, OutboxRelayOptions options = {});
    ~OutboxRelay();

    boost::asio::awaitable<void> run();
    /// There is something new to push.
    void nudge();
    void stop();

private:
    struct Bell;

    boost::asio::awaitable<bool> nothing_to_do();
    boost::asio::awaitable<bool> push_some();
    boost::asio::awaitable<void> settle();

    db::Database& database_;
    samovar::App& app_;
    const samovar::Clock& clock_;
    const OutboxRelayOptions options_;
    std::shared_ptr<Bell> bell_;
};

}  // namespace localtea::services
