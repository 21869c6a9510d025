#include "support/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <system_error>

namespace samovar::testing {
namespace {

constexpr int exec_failed = 127;

[[noreturn]] void throw_errno(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

/// Between fork and exec: nothing but system calls, since other threads' locks are held forever here.
[[noreturn]] void become(char* const* command, Account account, const char* folder, int output) {
    const bool other = account.user != ::geteuid();
    if (other && (::setgroups(0, nullptr) != 0 || ::setgid(account.group) != 0 || ::setuid(account.user) != 0))
        ::_exit(exec_failed);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);  // a Ctrl-C is for the test, which then ends its children in order
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (::chdir(folder) != 0) ::_exit(exec_failed);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execv(command[0], command);
    ::_exit(exec_failed);
}

}  // namespace

Account Account::own() { return {::geteuid(), ::getegid()}; }

Account Account::unprivileged() {
    if (::geteuid() != 0) return own();
    for (const char* name : {"postgres", "nobody"})
        if (const passwd* entry = ::getpwnam(name)) return {entry->pw_uid, entry->pw_gid};
    throw std::runtime_error("there is neither a user postgres nor nobody to drop root for");
}

struct Process::Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::string output;  // guarded by mutex
    bool ended = false;  // guarded by mutex

    void read_all(int descriptor) {
        std::array<char, 4096> buffer{};
        for (ssize_t size = 0; (size = ::read(descriptor, buffer.data(), buffer.size())) > 0;) {
            const std::lock_guard lock{mutex};
            output.append(buffer.data(), static_cast<std::size_t>(size));
            changed.notify_all();
        }
        ::close(descriptor);
        const std::lock_guard lock{mutex};
        ended = true;
        changed.notify_all();
    }
};

Process::Process(std::vector<std::string> command, Account account, const std::filesystem::path& folder)
    : shared_(std::make_shared<Shared>()) {
    std::vector<char*> arguments;
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw_errno("pipe2");
    pid_ = ::fork();
    if (pid_ < 0) throw_errno("fork");
    if (pid_ == 0) become(arguments.data(), account, folder.c_str(), pipe[1]);
    ::setpgid(pid_, pid_);  // whoever of the two is first
    ::close(pipe[1]);
    reader_ = std::thread{[shared = shared_, descriptor = pipe[0]] { shared->read_all(descriptor); }};
}

Process::~Process() {
    if (pid_ > 0) {
        ::kill(-pid_, SIGKILL);
        wait();
    }
    reader_.join();
}

void Process::wait_for_output(std::string_view text) {
    std::unique_lock lock{shared_->mutex};
    const auto found = [&] { return shared_->output.find(text) != std::string::npos; };
    shared_->changed.wait(lock, [&] { return shared_->ended || found(); });
    if (!found()) throw std::runtime_error("the program ended before it was ready:\n" + shared_->output);
}

void Process::signal(int number) {
    if (pid_ > 0) ::kill(pid_, number);
}

int Process::wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0)
        if (errno != EINTR) throw_errno("waitpid");
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string Process::output() const {
    const std::lock_guard lock{shared_->mutex};
    return shared_->output;
}

}  // namespace samovar::testing
