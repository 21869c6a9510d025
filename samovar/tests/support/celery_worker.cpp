#include "support/celery_worker.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace samovar::testing {

CeleryWorker::CeleryWorker(CeleryWorkerOptions options) : options_(std::move(options)) {
    write_module();
    spawn();
    await_ready();
}

CeleryWorker::~CeleryWorker() { kill(); }

void CeleryWorker::write_module() const {
    std::ofstream module{folder_.path() / "proj.py"};
    module << "from celery import Celery\n"
           << fmt::format("app = Celery('proj', broker='{0}', backend='{0}')\n", options_.url)
           << fmt::format("app.conf.update({})\n", options_.config) << options_.tasks;
}

// In a process group of its own, so that the pool's children can be killed with it.
void CeleryWorker::spawn() {
    const std::string log = folder_.path() / "log";
    const std::string queues = fmt::format("{}", fmt::join(options_.queues, ","));
    const std::string concurrency = std::to_string(options_.concurrency);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error{"fork failed"};
    if (pid_ > 0) return;
    // Between fork and exec only what is safe in a process that had threads.
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    if (::chdir(folder_.path().c_str()) != 0) ::_exit(126);
    ::execl(options_.python.c_str(), options_.python.c_str(), "-m", "celery", "-A", "proj", "worker", "-l", "info",
            "-Q", queues.c_str(), "-c", concurrency.c_str(), "--without-gossip", "--without-mingle", nullptr);
    ::_exit(127);
}

void CeleryWorker::await_ready() {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (log().find(" ready.") == std::string::npos) {
        const bool ended = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
        if (ended) pid_ = -1;
        if (ended || std::chrono::steady_clock::now() > limit) {
            const auto text = log();
            kill();
            throw std::runtime_error{"the Celery worker did not get ready:\n" + text};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}

void CeleryWorker::kill() {
    if (pid_ < 0) return;
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

std::string CeleryWorker::log() const { return content_of(folder_.path() / "log"); }

}  // namespace samovar::testing
