// Whether this process can serve: what it depends on, and how each part is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <samovar/app.hpp>

#include "db/database.hpp"

namespace localtea::services {

/// Each part: nothing when it works, else why not, in words that name no address and no secret.
struct Health {
    std::optional<std::string> database;
    std::optional<std::string> redis;
    /// What in Redis's set-up may cost tasks.
    std::vector<std::string> redis_warnings;
    /// Rows that wait to be pushed.
    std::int64_t outbox_waiting = 0;
    /// Rows that cannot be pushed; somebody has to look at them.
    std::int64_t outbox_put_aside = 0;

    /// The shop answers without Redis: orders and registrations wait in the outbox.
    bool ready() const { return !database; }
};

/// Threads: any. Lifetime: what it is given must outlive it.
class Readiness {
public:
    Readiness(db::Database& database, samovar::App& app) : database_(database), app_(app) {}

    boost::asio::awaitable<Health> check() const;

private:
    db::Database& database_;
    samovar::App& app_;
};

}  // namespace localtea::services
