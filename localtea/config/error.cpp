#include "config/error.hpp"

#include <fmt/format.h>

namespace localtea::config {

Error::Error(std::vector<std::string> problems)
    : std::runtime_error(fmt::format("{}", fmt::join(problems, "\n"))), problems_(std::move(problems)) {}

}  // namespace localtea::config
