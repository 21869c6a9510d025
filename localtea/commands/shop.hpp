// What every server process of the shop is made of: database, tasks, mail, and the relay between them.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <samovar/app.hpp>
#include <samovar/clock.hpp>

#include "config/settings.hpp"
#include "db/database.hpp"
#include "services/demo_catalogue.hpp"
#include "services/outbox.hpp"

namespace localtea::commands {

/// Threads: made and destroyed by one; its parts as they say.
class Shop {
public:
    /// Opens the database, applies pending migrations where AUTO_MIGRATE says so, and starts the relay.
    /// Errors: config::Error, samovar::ConfigurationError, db::Error (schema: newer than this program).
    Shop(const config::Settings& settings, const samovar::Clock& clock);
    ~Shop();

    samovar::App& app();
    db::Database& database();
    /// An event loop for what no request waits for.
    boost::asio::any_io_executor background();
    /// What is added to it is pushed by this process, or, should it die, by another.
    const services::Outbox& outbox();
    /// The relay between outbox and Redis ended unasked, for which the process has to end: see VitalRole.
    bool failed() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// AppOptions of the shop: its routing table and the store of the settings.
samovar::AppOptions app_options(const config::Settings& settings);

/// Brings the schema up to date where AUTO_MIGRATE says so, and adds the demo catalogue; returns how many products
/// that was. Errors: db::Error (schema: newer than this program, or behind it and not to be migrated).
int seed(const config::Settings& settings, const samovar::Clock& clock, services::Seeding seeding);

/// Brings the schema up to date; returns how many migrations were applied. Errors: db::Error.
int migrate(const config::Settings& settings, const samovar::Clock& clock);

}  // namespace localtea::commands
