// Identifiers.
#pragma once

#include <string>

#include <samovar/uuid.hpp>

namespace samovar {

/// Names one start of a process among all that ever were: 22 letters and digits.
std::string new_incarnation();

}  // namespace samovar
