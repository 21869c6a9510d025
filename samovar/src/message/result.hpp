// The JSON that Celery stores for a task's outcome.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <samovar/clock.hpp>
#include <samovar/value.hpp>

namespace samovar::message {

namespace status {
inline constexpr std::string_view pending = "PENDING";
inline constexpr std::string_view started = "STARTED";
inline constexpr std::string_view retry = "RETRY";
inline constexpr std::string_view success = "SUCCESS";
inline constexpr std::string_view failure = "FAILURE";
inline constexpr std::string_view revoked = "REVOKED";
}  // namespace status

/// Nothing follows: SUCCESS, FAILURE or REVOKED.
bool is_final(std::string_view status);

/// An exception as stored for FAILURE, RETRY and REVOKED.
struct ExceptionInfo {
    /// Qualified class name: "ValueError", "AppError.Nested".
    std::string type;
    /// The exception's arguments.
    Array message;
    /// Module of the class: "builtins", "celery.exceptions".
    std::string module = "builtins";
    bool operator==(const ExceptionInfo&) const = default;
};

/// {"exc_type", "exc_message", "exc_module"}.
Value to_value(const ExceptionInfo& exception);
/// Reads the object; a message that is a string (very old writers) becomes its only argument.
/// Empty: `value` is no such object.
std::optional<ExceptionInfo> exception_from(const Value& value);

/// One stored outcome. Custom states have a status of their own.
struct TaskResult {
    std::string task_id;
    std::string status{status::success};
    /// Return value; for FAILURE, RETRY and REVOKED the exception; for other states their details.
    Value result;
    std::optional<std::string> traceback;
    /// What the task sent, as Celery's nested tuples; null where the writer does not know.
    Value children = Array{};
    /// Only final states have it.
    std::optional<WallTime> date_done;
    std::optional<std::string> group_id;
    std::optional<std::string> parent_id;
    /// Members of extended results, in order: name, args, kwargs, worker, retries, queue, ...
    Object extra;
};

/// REVOKED, as Celery stores it. `why` in its words: "revoked", "expired".
TaskResult revoked_result(std::string task_id, std::string_view why, WallTime now);

/// The stored text, byte for byte as Celery 5.6 writes it with a UTC clock.
std::string encode_result(const TaskResult& result);

/// Reads a stored text of any Celery; a date without offset is UTC. `result` has its tagged values resolved.
/// Errors: DecodeError{not_json, bad_field, bad_body}.
TaskResult decode_result(std::string_view text);

}  // namespace samovar::message
