#include "commands/process_handle.hpp"

#include <poll.h>
#include <sys/syscall.h>

#include <cerrno>

#include "commands/throw_errno.hpp"

namespace localtea::commands {

// glibc 2.36 declares pidfd_open and pidfd_send_signal for C alone.
ProcessHandle::ProcessHandle(pid_t pid) : descriptor_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {
    if (!descriptor_ && errno != ESRCH) throw_errno("pidfd_open");
}

void ProcessHandle::signal(int number) const {
    if (::syscall(SYS_pidfd_send_signal, descriptor_.get(), number, nullptr, 0) != 0 && errno != ESRCH)
        throw_errno("pidfd_send_signal");
}

bool ProcessHandle::ends_within(std::chrono::milliseconds limit) const {
    pollfd waiting{.fd = descriptor_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&waiting, 1, static_cast<int>(limit.count())) == 1;
}

}  // namespace localtea::commands
