// A process by a handle that never comes to mean another one, as a number may.
#pragma once

#include <sys/types.h>

#include <chrono>

#include "commands/descriptor.hpp"

namespace localtea::commands {

class ProcessHandle {
public:
    /// No process has that number: the handle is false.
    /// Errors: std::system_error for anything else.
    explicit ProcessHandle(pid_t pid);

    explicit operator bool() const { return static_cast<bool>(descriptor_); }
    /// Nothing happens if it has ended. Errors: std::system_error.
    void signal(int number) const;
    /// False: it still runs after that time.
    bool ends_within(std::chrono::milliseconds limit) const;

private:
    Descriptor descriptor_;
};

}  // namespace localtea::commands
