// PostgreSQL as a Database.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "db/database.hpp"

namespace localtea::db {

/// libpq's keywords and values.
using PostgresParameters = std::vector<std::pair<std::string, std::string>>;

/// A pool of connections, each made when first needed and again when it was lost.
std::unique_ptr<Database> open_postgres(asio::any_io_executor executor, PostgresParameters parameters,
                                        const DatabaseOptions& options);

}  // namespace localtea::db
