// A program as a child of this process, which never outlives it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "config/dotenv.hpp"

namespace localtea::commands {

/// What to run.
struct Program {
    /// The file first, as a path.
    std::vector<std::string> arguments;
    /// All of its environment.
    config::Variables environment;
    /// Sent to it when this process dies, however that comes.
    int death_signal = 0;
};

/// How a process ended: by one of these two.
struct ExitStatus {
    std::optional<int> code;
    int signal = 0;

    friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

/// "exit code 1", "signal 9".
std::string describe(const ExitStatus& status);

/// Runs in a process group of its own, so that a Ctrl-C on the terminal reaches this process alone, with no input
/// and both outputs on our stderr.
///
/// Threads: made by the one thread that lives as long as the process: the death signal comes when that thread
/// ends.
class ChildProcess {
public:
    /// Errors: std::system_error when it cannot be started, e.g. because the file is none.
    explicit ChildProcess(const Program& program);
    /// Kills it if it still runs.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t pid() const { return pid_; }
    /// Sends a signal to the whole group. Nothing happens if it has ended.
    void signal(int number) const;
    /// How it ended; empty while it runs. Does not block.
    std::optional<ExitStatus> ended();

private:
    pid_t pid_ = 0;
    std::optional<ExitStatus> status_;
};

}  // namespace localtea::commands
