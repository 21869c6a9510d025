// From a typed handler's end, however it came about, to an Outcome.
#pragma once

#include <exception>
#include <string>

#include <samovar/detail/handler.hpp>

#include "task/definition.hpp"

namespace samovar::task {

/// What an exception that left the handler of this task comes to: control flow of the Context, a failure, or
/// another attempt as the task's policy says. `random` is uniform over [0, 1).
Outcome verdict(std::exception_ptr exception, const TaskOptions& options, const Context& context,
                const message::Body& body, double random);

/// A definition whose handlers turn every end into an Outcome.
Definition make_definition(std::string name, TaskOptions options, detail::Call call);

}  // namespace samovar::task
