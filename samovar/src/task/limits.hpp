// Options as limits that the broker holds to. No I/O.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <samovar/options.hpp>

#include "broker/broker.hpp"

namespace samovar::task {

/// Of a task, in the order in which they are asked. Errors: std::invalid_argument that names the task.
std::vector<broker::Limit> limits_of(std::string_view application, std::string_view task,
                                     const TaskOptions& options);

/// Of a queue or a task; nullopt: there is none. Errors: std::invalid_argument that says what a rate looks like.
std::optional<broker::Limit> limit_of(std::string_view application, std::string_view name, const Limit& options);

}  // namespace samovar::task
