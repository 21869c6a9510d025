// What the scripts are called with. No I/O.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "broker/values.hpp"

namespace samovar::broker {

class Keys;

struct ResultTarget {
    /// Database number on the broker's server; -1: results are elsewhere and none is written by the script.
    int database = 0;
    std::string prefix;
    std::chrono::seconds expires{0};
};

/// ARGV of complete.lua. `database` is the broker's.
std::vector<std::string> step_arguments(const Keys& keys, int database, const ResultTarget& results, Step step);

/// Where a script stores FAILURE of what it buries, and the template of that. `database` is the broker's.
std::vector<std::string> failure_arguments(int database, const ResultTarget& results,
                                           const std::string& failure_template);

/// The first arguments of scripts that judge whether workers are dead.
/// For so long is known of a dead worker what matters should it come back.
inline constexpr std::string_view dead_workers_remembered_seconds = "86400";
std::vector<std::string> sight_arguments(const Sight& sight);

/// Microseconds since 1970 as text; empty for nullopt.
std::string microseconds_text(const std::optional<WallTime>& time);

/// The member of samovar:delayed for one message: unique, and led by the task's id so that a person finds it.
std::string delayed_member(const std::string& task_id);

/// The key of a task's result, as Celery names it.
std::string result_key(const std::string& prefix, const std::string& task_id);

/// Keys and arguments of start.lua. Those keys that only limits need are left out where there are none: this is on
/// the way of every early-ack task.
std::vector<std::string> start_keys(const Keys& keys, const std::string& incarnation,
                                    const std::vector<Start>& starts);
std::vector<std::string> start_arguments(const Keys& keys, std::vector<Start> starts);

}  // namespace samovar::broker
