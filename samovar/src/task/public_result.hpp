// Result documents as the public interface shows them.
#pragma once

#include <samovar/result.hpp>

#include "message/result.hpp"

namespace samovar::task {

TaskResult public_result(message::TaskResult document);

/// The return value. Errors: TaskError when the task failed or was revoked. Requires: result.ready().
Value value_or_throw(TaskResult result);

}  // namespace samovar::task
