// SQLite as a Database.
#pragma once

#include <memory>
#include <string>

#include "db/database.hpp"

namespace localtea::db {

/// One thread that writes and some that read, each with a connection of its own, so that neither the disk nor a
/// lock ever holds up the caller's executor. Errors: Error{connection}.
std::unique_ptr<Database> open_sqlite(asio::any_io_executor executor, const std::string& file,
                                      const DatabaseOptions& options);

}  // namespace localtea::db
