// What a handler knows about the task it runs, and what it can ask for.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>

#include <samovar/clock.hpp>
#include <samovar/value.hpp>

namespace samovar {

class App;

/// One execution of one task.
///
/// Lifetime: valid while the handler runs. Threads: for the handler's own use; cancelled() from any thread.
class Context {
public:
    struct Request {
        std::string id;
        std::string task;
        std::string queue;
        /// 0 on the first attempt.
        int retries = 0;
        /// The message had been handed out before.
        bool redelivered = false;
        std::string root_id;
        std::optional<std::string> parent_id;
        std::optional<WallTime> eta;
        std::optional<WallTime> expires;
        /// Headers beside Celery's own.
        Object headers;
        /// See fence().
        std::uint64_t fence = 0;
    };

    Context(Request request, std::stop_token stop) : request_(std::move(request)), stop_(std::move(stop)) {}

    const Request& request() const { return request_; }
    const std::string& id() const { return request_.id; }
    int retries() const { return request_.retries; }

    /// Of an exclusive task: higher than the number of every run before, in whatever worker; else 0. A store that
    /// remembers the highest it has seen, and refuses lower ones, cannot be changed by a run that was taken for
    /// dead and woke up.
    std::uint64_t fence() const { return request_.fence; }

    /// Requested when the worker was told to stop at once, or lost its lease: whatever the handler does from then
    /// on will not be recorded, and the task will run elsewhere.
    std::stop_token cancelled() const { return stop_; }

    /// Leaves the handler; the task is tried again after `countdown` (nullopt: as its retry policy says).
    /// When its retries are used up it fails with `why`, else with MaxRetriesExceededError.
    [[noreturn]] void retry(std::optional<std::chrono::milliseconds> countdown = std::nullopt,
                            std::string why = {}) const;
    /// Leaves the handler; the message goes to the end of its queue again, or is dropped, without a result.
    [[noreturn]] void reject(bool requeue) const;

private:
    Request request_;
    std::stop_token stop_;
};

/// Thrown by a handler: fails the task for good, whatever its retry policy, with a dead letter that says why.
class PermanentFailure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace samovar
