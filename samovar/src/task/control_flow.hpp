// How Context::retry and Context::reject leave a handler.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace samovar::task {

// Neither derives from std::exception: a handler that catches what its own calls throw must not swallow them.

struct RetryRequested {
    std::optional<std::chrono::milliseconds> countdown;
    std::string why;
};

struct RejectRequested {
    bool requeue = false;
};

}  // namespace samovar::task
