// PostgreSQL's errors -> Error.
#pragma once

#include <libpq-fe.h>

#include "db/error.hpp"

namespace localtea::db {

/// Requires: a result with status PGRES_FATAL_ERROR.
Error postgres_error(const PGresult* result);

}  // namespace localtea::db
