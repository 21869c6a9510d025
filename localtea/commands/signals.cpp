#include "commands/signals.hpp"

#include <poll.h>
#include <sys/signalfd.h>

#include <algorithm>

#include "commands/throw_errno.hpp"

namespace localtea::commands {
namespace {

bool is_ignored(int number) {
    struct sigaction action{};
    return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t wanted() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        if (!is_ignored(number)) sigaddset(&signals, number);
    return signals;
}

}  // namespace

Signals::Signals() {
    // Ignored by whoever started us, children would vanish without a status.
    ::signal(SIGCHLD, SIG_DFL);
    const auto signals = wanted();
    if (::sigprocmask(SIG_BLOCK, &signals, &before_) != 0) throw_errno("sigprocmask");
    descriptor_ = Descriptor{::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK)};
    if (!descriptor_) throw_errno("signalfd");
}

Signals::~Signals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

int Signals::wait(std::chrono::milliseconds at_most) {
    pollfd waiting{.fd = descriptor_.get(), .events = POLLIN, .revents = 0};
    const auto limit = std::clamp<std::int64_t>(at_most.count(), 0, 3'600'000);
    if (::poll(&waiting, 1, static_cast<int>(limit)) <= 0) return 0;
    signalfd_siginfo signal{};
    if (::read(descriptor_.get(), &signal, sizeof signal) != sizeof signal) return 0;
    return static_cast<int>(signal.ssi_signo);
}

}  // namespace localtea::commands
