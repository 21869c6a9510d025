// Tasks run in place, for tests of programs that use Samovar: no Redis, no worker, no waiting.
#pragma once

#include <chrono>
#include <vector>

#include <samovar/app.hpp>
#include <samovar/result.hpp>
#include <samovar/task.hpp>

namespace samovar::testing {

/// Runs the handler of a registered task on the calling thread, through the same message, the same binding of
/// arguments and the same rules of failure and retry as a worker does. Retries follow one another at once.
///
/// What the handler itself sends goes to the App's store, as always.
/// Lifetime: the App must outlive it. Threads: one at a time.
class Eager {
public:
    explicit Eager(App& app) : app_(&app) {}

    /// How the task ended: SUCCESS, FAILURE, REVOKED (it had expired) or REJECTED (by its handler).
    /// Errors: std::invalid_argument when no such task is registered; MessageTooLarge and ConfigurationError as
    /// Task has them.
    TaskResult run(Signature call);
    template <class Args>
    TaskResult run(const Task<Args>& task, const Args& args, CallOptions options = {}) {
        return run(task.signature(args, std::move(options)));
    }

    /// What the task returned. Errors: also TaskError when it failed.
    Value get(Signature call);

    /// The pauses that a worker would have made before the retries of the last task.
    const std::vector<std::chrono::milliseconds>& pauses() const { return pauses_; }

private:
    App* app_;
    std::vector<std::chrono::milliseconds> pauses_;
};

}  // namespace samovar::testing
