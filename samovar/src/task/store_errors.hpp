// The Redis layer's errors as users see them. The one place where they are mapped.
#pragma once

#include <string>

#include "redis/error.hpp"

namespace samovar::task {

/// For a publication, which may be repeated when redis::had_no_effect() says so, or when it is `repeatable`: it
/// was sent with `once`. Errors: always StoreUnavailable, PublishUncertain or ConfigurationError.
[[noreturn]] void throw_publish_error(const redis::Error& error, std::string task_id, bool repeatable);

/// For everything else. Errors: always StoreUnavailable or ConfigurationError.
[[noreturn]] void throw_store_error(const redis::Error& error);

}  // namespace samovar::task
