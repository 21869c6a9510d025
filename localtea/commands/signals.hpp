// The signals that steer a supervisor.
#pragma once

#include <signal.h>

#include <chrono>

#include "commands/descriptor.hpp"

namespace localtea::commands {

/// Holds SIGINT, SIGTERM, SIGHUP and SIGCHLD back from the process while it lives and hands them out one by one.
/// A signal that was ignored when the process started (nohup) stays so.
/// Threads: made before any other thread starts; used by one.
class Signals {
public:
    /// Errors: std::system_error.
    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    /// The next signal's number; 0 if none comes within that time.
    int wait(std::chrono::milliseconds at_most);

private:
    sigset_t before_{};
    Descriptor descriptor_;
};

}  // namespace localtea::commands
