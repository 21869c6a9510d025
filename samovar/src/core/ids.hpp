// Identifiers.
#pragma once

#include <string>

namespace samovar {

/// A random UUID (version 4) as its 36 characters of text. Threads: any.
std::string uuid4();

/// Names one start of a process among all that ever were: 22 letters and digits.
std::string new_incarnation();

}  // namespace samovar
