// Envelope bytes <-> TaskMessage. The body is left as it stands: see body.hpp.
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>

#include "message/decode_error.hpp"
#include "message/task_message.hpp"

namespace samovar::message {

/// Reads one list element of a queue: task protocol 2, its mixed form (arguments as an object) and protocol 1.
/// A missing `eta` and the like is the same as null; unknown headers and properties are kept.
/// Errors: DecodeError, with id and task where they could be read.
/// Lifetime: the result's `body.text` refers to `bytes`.
TaskMessage decode(std::string_view bytes, const Bounds& bounds = {});

/// The same, and the result keeps the bytes alive.
TaskMessage decode(std::shared_ptr<const std::string> bytes, const Bounds& bounds = {});

/// A temporary would leave `body.text` dangling.
template <std::same_as<std::string> Temporary>
TaskMessage decode(Temporary&& bytes, const Bounds& bounds = {}) = delete;

/// Writes the envelope as kombu does: same order, same spacing, the body's text as it stands.
std::string encode(const TaskMessage& message);

/// The same attempt of the same task at another time; empty: at once.
std::string encode_at(const TaskMessage& message, std::optional<WallTime> eta);

/// What differs in the message that repeats a task.
struct Retry {
    /// When to run again; empty: at once.
    std::optional<WallTime> eta;
    /// Fresh, since kombu uses it as the key of the reservation.
    std::string delivery_tag;
};

/// The envelope of the task's next attempt: retries + 1, the task itself as parent, everything else and the
/// body's text as they were.
std::string encode_retry(const TaskMessage& message, const Retry& retry);

}  // namespace samovar::message
