#include "commands/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "commands/descriptor.hpp"
#include "commands/throw_errno.hpp"

namespace localtea::commands {
namespace {

constexpr int exec_failed = 127;

// What execve takes, built before the fork: behind that only async-signal-safe calls are allowed.
class Strings {
public:
    explicit Strings(std::vector<std::string> texts) : texts_(std::move(texts)) {
        for (auto& text : texts_) pointers_.push_back(text.data());
        pointers_.push_back(nullptr);
    }
    char** data() { return pointers_.data(); }

private:
    std::vector<std::string> texts_;
    std::vector<char*> pointers_;
};

std::vector<std::string> assignments(const config::Variables& environment) {
    std::vector<std::string> result;
    for (const auto& [name, value] : environment) result.push_back(name + '=' + value);
    return result;
}

void prepare_child(pid_t parent, int death_signal) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, death_signal);
    // It may have died before the line above.
    if (::getppid() != parent) ::_exit(exec_failed);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    if (nothing != STDIN_FILENO) ::close(nothing);
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

// The pipe closes when execve succeeds, else it carries the reason.
int reason_of_failure(int pipe) {
    int reason = 0;
    while (::read(pipe, &reason, sizeof reason) < 0 && errno == EINTR) {
    }
    return reason;
}

ExitStatus to_status(int raw) {
    if (WIFEXITED(raw)) return {.code = WEXITSTATUS(raw)};
    return {.code = std::nullopt, .signal = WTERMSIG(raw)};
}

pid_t start(const Program& program) {
    Strings arguments{program.arguments};
    Strings environment{assignments(program.environment)};
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("pipe");
    const Descriptor reading{ends[0]};
    Descriptor writing{ends[1]};
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) throw_errno("fork");
    if (child == 0) {
        prepare_child(parent, program.death_signal);
        ::execve(arguments.data()[0], arguments.data(), environment.data());
        const int reason = errno;
        [[maybe_unused]] const auto told = ::write(writing.get(), &reason, sizeof reason);
        ::_exit(exec_failed);
    }
    writing.reset();
    if (const int reason = reason_of_failure(reading.get())) {
        ::waitpid(child, nullptr, 0);
        throw std::system_error{reason, std::generic_category(), program.arguments.front()};
    }
    return child;
}

}  // namespace

std::string describe(const ExitStatus& status) {
    return status.code ? fmt::format("exit code {}", *status.code) : fmt::format("signal {}", status.signal);
}

ChildProcess::ChildProcess(const Program& program) : pid_(start(program)) {}

ChildProcess::~ChildProcess() {
    if (ended()) return;
    signal(SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void ChildProcess::signal(int number) const {
    if (!status_) ::kill(-pid_, number);
}

std::optional<ExitStatus> ChildProcess::ended() {
    int raw = 0;
    if (!status_ && ::waitpid(pid_, &raw, WNOHANG) == pid_) status_ = to_status(raw);
    return status_;
}

}  // namespace localtea::commands
