// A task to be sent later: what chains, groups, chords and callbacks are made of.
#pragma once

#include <optional>
#include <string>

#include <samovar/value.hpp>

#include "message/decode_error.hpp"

namespace samovar::message {

/// Celery's signature object. Options that are not known are passed on.
struct Signature {
    std::string task;
    Array args;
    Object kwargs;
    /// task_id, queue, countdown, eta, expires, link, chord, ... as Celery names them.
    Object options;
    /// "chain", "group", "chord", "chunks", "xmap", "xstarmap"; empty: a plain task.
    std::optional<std::string> subtask_type;
    /// Takes no arguments from what ran before.
    bool immutable = false;
    bool operator==(const Signature&) const = default;
};

/// {"task", "args", "kwargs", "options", "subtask_type", "immutable"}.
Value to_value(const Signature& signature);

/// Reads a signature; all but "task" may be missing, as Celery's own reader has it.
/// Errors: DecodeError{bad_field} that names the member.
Signature signature_from(const Value& value);

}  // namespace samovar::message
