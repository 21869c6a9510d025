// Host names of a PostgreSQL URL, resolved without blocking.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "db/postgres_database.hpp"

namespace localtea::db {

/// Adds `hostaddr` to the parameters for every host that is a name, because libpq would resolve it by itself and
/// block the event loop; a name with several addresses becomes several hosts, tried in order. Unix sockets and
/// parameters that have `hostaddr` already stay as they are.
/// Errors: Error{connection} that names the host.
asio::awaitable<PostgresParameters> resolve_hosts(PostgresParameters parameters);

}  // namespace localtea::db
