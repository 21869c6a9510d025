// A program of a test, spoken to over its standard input and output.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace localtea::testing {

/// Runs from construction until stop() or destruction; both close its input, kill it and wait for its end.
///
/// Errors: std::runtime_error when it cannot be started or has ended.
/// Threads: one at a time.
class ChildProcess {
public:
    explicit ChildProcess(const std::vector<std::string>& command);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    void write(const std::string& text);
    /// The next line of its output, without its end.
    std::string read_line();
    void stop();

private:
    void close_input();

    pid_t pid_ = -1;
    int input_ = -1;
    int output_ = -1;
};

/// The folder that holds the tests' helpers: their scripts are beside their sources.
std::string support_file(const std::string& name);

}  // namespace localtea::testing
