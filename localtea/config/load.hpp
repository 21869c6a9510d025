// Environment and `.env` -> Settings.
#pragma once

#include <filesystem>
#include <string_view>

#include "config/dotenv.hpp"
#include "config/error.hpp"
#include "config/settings.hpp"

namespace localtea::config {

/// What a command needs to be told. What is set is validated in any case.
enum class Purpose {
    /// api, up: everything.
    server,
    /// worker: broker, database and mail.
    worker,
    /// migrate, seed: the database.
    database,
    /// orders: the database, and the storefront's address for links in mails.
    staff,
    /// inspect, call, dead and the other tools of the engine: the broker.
    broker,
};

/// Where values come from, the first that has a name wins. An empty value counts as unset.
struct Sources {
    Variables environment;
    /// Absent: skipped.
    std::filesystem::path dotenv = ".env";
    /// What the command itself supplies, e.g. `up` its own address; wins only over the table's defaults.
    Variables defaults;
};

/// The process's environment.
Variables process_environment();

/// Reads, derives what depends on other values (mail backend, SMTP security, sender), and validates.
/// Errors: Error with every problem found.
Settings load(const Sources& sources, Purpose purpose);

/// DEBUG opens /mailbox and /sandbox and more; only a loopback address may show them. Call before listening.
/// Errors: Error when `settings.debug` and `host` is no loopback address.
void require_private_debug(const Settings& settings, std::string_view host);

}  // namespace localtea::config
