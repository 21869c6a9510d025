#include "support/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace localtea::testing {
namespace {

[[noreturn]] void fail(const char* what) {
    throw std::runtime_error{fmt::format("{}: {}", what, std::generic_category().message(errno))};
}

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
    return ends;
}

pid_t spawn(const std::vector<std::string>& command, int input, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    std::vector<std::string> words = command;
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t pid = -1;
    errno = ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (errno != 0) fail("spawn");
    return pid;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command) {
    const auto input = make_pipe();
    const auto output = make_pipe();
    pid_ = spawn(command, input[0], output[1]);
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    output_ = output[0];
}

ChildProcess::~ChildProcess() { stop(); }

void ChildProcess::write(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto written = ::write(input_, text.data() + at, text.size() - at);
        if (written < 0 && errno != EINTR) fail("write to a child");
        if (written > 0) at += static_cast<std::size_t>(written);
    }
}

std::string ChildProcess::read_line() {
    std::string line;
    char c = 0;
    for (;;) {
        const auto size = ::read(output_, &c, 1);
        if (size == 0) throw std::runtime_error{"the child has ended"};
        if (size < 0 && errno != EINTR) fail("read from a child");
        if (size > 0 && c == '\n') return line;
        if (size > 0) line += c;
    }
}

void ChildProcess::close_input() {
    if (input_ >= 0) ::close(input_);
    input_ = -1;
}

void ChildProcess::stop() {
    close_input();
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    pid_ = -1;
    if (output_ >= 0) ::close(output_);
    output_ = -1;
}

std::string support_file(const std::string& name) {
    return (std::filesystem::path{LOCALTEA_TESTS_DIR} / "support" / name).string();
}

}  // namespace localtea::testing
