// From a typed handler's end, however it came about, to an Outcome.
#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <string>

#include <samovar/detail/handler.hpp>

#include "task/definition.hpp"

namespace samovar::task {

// How Context::retry and Context::reject leave a handler. Neither derives from std::exception: a handler that
// catches what its own calls throw must not swallow them.

struct RetryRequested {
    std::optional<std::chrono::milliseconds> countdown;
    std::string why;
};

struct RejectRequested {
    bool requeue = false;
};

/// The pause before attempt number `retries` + 2, i.e. after `retries` retries were used. `random` is uniform over
/// [0, 1): with full jitter the pause is anything from zero to its whole.
std::chrono::milliseconds retry_pause(const RetryPolicy& policy, int retries, double random);

/// What an exception that left the handler of this task comes to: control flow of the Context, a failure, or
/// another attempt as the task's policy says. `random` is uniform over [0, 1).
Outcome verdict(std::exception_ptr exception, const TaskOptions& options, const Context& context,
                const message::Body& body, double random);

/// A definition whose handlers turn every end into an Outcome.
Definition make_definition(std::string name, TaskOptions options, detail::Call call);

}  // namespace samovar::task
