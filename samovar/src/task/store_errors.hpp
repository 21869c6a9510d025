// The Redis layer's errors as users see them. The one place where they are mapped.
#pragma once

#include <string>

#include "redis/error.hpp"

namespace samovar::task {

/// For a publication. `repeatable`: it was sent with `once`, so nothing is uncertain about sending it again.
/// Errors: always StoreUnavailable, PublishUncertain or ConfigurationError.
[[noreturn]] void throw_publish_error(const redis::Error& error, std::string task_id, bool repeatable);

/// For everything else. Errors: always StoreUnavailable or ConfigurationError.
[[noreturn]] void throw_store_error(const redis::Error& error);

}  // namespace samovar::task
