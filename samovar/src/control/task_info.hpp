// A task as inspect shows it. No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <samovar/clock.hpp>
#include <samovar/value.hpp>

#include "message/task_message.hpp"
#include "task/definition.hpp"

namespace samovar::control {

struct TaskInfo {
    message::TaskMessage message;
    /// nullptr: no task of this worker's. Lifetime: the registry's.
    const task::Definition* definition = nullptr;
    /// nullopt: not yet.
    std::optional<WallTime> started;
    bool acknowledged = false;
};

/// Who shows it.
struct Shower {
    std::string node;
    std::uint32_t pid = 0;
    /// Arguments as their repr, which Celery calls safe.
    bool safe = false;
};

/// Celery's task info. Arguments that are redacted in the message stay so; those that are too long to show (64 KiB
/// of body), compressed or unreadable come as their repr, too.
Value to_value(const TaskInfo& info, const Shower& shower);

}  // namespace samovar::control
