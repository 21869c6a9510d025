// What a system call's failure becomes.
#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace localtea::commands {

/// `what` is the call, or the path it was about. Errors: std::system_error with errno, always.
[[noreturn]] inline void throw_errno(const std::string& what) {
    throw std::system_error{errno, std::generic_category(), what};
}

}  // namespace localtea::commands
