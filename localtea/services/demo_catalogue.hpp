// The demo catalogue: thirty teas, so that a fresh shop has something to sell.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "domain/catalogue.hpp"

namespace localtea::services {

namespace asio = boost::asio;

enum class Seeding {
    /// Adds what is missing. What is there, by its slug, is left as it is.
    missing,
    /// Adds nothing when there is any product, so that nobody's own catalogue gets strange company.
    empty_only,
};

/// Returns how many products were added. All or nothing. Errors: db::Error.
/// Lifetime: database and clock, until it returns.
asio::awaitable<int> seed_demo_catalogue(db::Database& database, const samovar::Clock& clock, Seeding seeding);

}  // namespace localtea::services
