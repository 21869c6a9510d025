// A child process that a test starts and ends.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace samovar::testing {

/// Whom a child runs as. Programs like PostgreSQL refuse root.
struct Account {
    uid_t user;
    gid_t group;
    static Account own();
    /// The test's own, or `postgres`, or `nobody` when the test is root.
    static Account unprivileged();
};

/// A running program whose output is read all the time, so that it never blocks on a full pipe. Killed with the
/// test's process, however that ends.
class Process {
public:
    /// Starts it in `folder`. Errors: std::system_error.
    Process(std::vector<std::string> command, Account account, const std::filesystem::path& folder);
    /// Kills it, and what it started in its process group, when it runs.
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Returns when a line with this text was printed. Errors: std::runtime_error with the output when it ends
    /// before.
    void wait_for_output(std::string_view text);
    void signal(int number);
    /// Returns the exit code, or 128 and the signal's number.
    int wait();
    /// All it printed so far.
    std::string output() const;

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
    pid_t pid_ = -1;
    std::thread reader_;
};

}  // namespace samovar::testing
