// Identifiers for tasks.
#pragma once

#include <string>

namespace samovar {

/// A random UUID (version 4) as its 36 characters of text: the form of a task's id. Threads: any.
std::string uuid4();

}  // namespace samovar
