// An entry as it is kept in Redis: JSON {task, schedule, args, kwargs, queue, priority, countdown, expires,
// catch_up, headers}, where task and schedule are needed and times are seconds. No I/O.
#pragma once

#include <string>

#include "task/beat_entry.hpp"

namespace samovar::beat {

/// The same entry gives the same text.
std::string write_entry(const task::BeatEntry& entry);

/// Errors: ConfigurationError that names what is wrong with which member.
task::BeatEntry read_entry(std::string name, const std::string& definition);

}  // namespace samovar::beat
