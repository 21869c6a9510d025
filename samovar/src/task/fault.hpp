// Exceptions, as Celery's result documents describe them.
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "task/definition.hpp"

namespace samovar::task {

/// Any exception, those nested in it told in the traceback in Python's words. Never throws but bad_alloc.
Fault describe_exception(std::exception_ptr exception);

/// The arguments did not fit, in Python's terms.
Fault type_error(std::string_view what);

/// Retries are used up and the handler gave no cause. `arguments` and `named` as Python's repr writes them.
Fault max_retries_exceeded(std::string_view task, std::string_view id, std::string_view arguments,
                           std::string_view named);

/// A handler asked to be tried again, and said why.
Fault retry_requested(std::string_view why);

/// The task was not started because its time was over. For the result of a REVOKED task.
Fault expired();

}  // namespace samovar::task
