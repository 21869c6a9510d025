// What makes calls of a unique task the same. No I/O.
#pragma once

#include <optional>
#include <string_view>

#include <samovar/task.hpp>

#include "broker/broker.hpp"

namespace samovar::task {

/// The call's, else the task's; nullptr: it is not unique. Lifetime: the options'.
const Unique* unique_of(const CallOptions& call, const TaskOptions& task);

/// nullopt: the call is not unique. Equal arguments are equal as JSON, whatever the order of those by name; the
/// key has their digest, so that no name in the store tells them.
std::optional<broker::Claim> claim_of(const Signature& call, const TaskOptions& options, std::string_view task,
                                      std::string_view application);

}  // namespace samovar::task
