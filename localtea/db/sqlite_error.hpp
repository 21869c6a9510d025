// SQLite's result codes -> Error.
#pragma once

#include <string_view>

namespace localtea::db {

/// Requires: an extended result code that is an error, and the connection's message for it.
[[noreturn]] void throw_sqlite_error(int code, std::string_view message);

}  // namespace localtea::db
