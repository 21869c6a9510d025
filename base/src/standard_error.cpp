#include "base/standard_error.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace samovar {
namespace {

/// `once` writes; how much it took, 0 when it would have waited or failed.
template <class Write>
std::size_t taken_by(Write once) {
    ssize_t count = -1;
    do {
        count = once();
    } while (count < 0 && errno == EINTR);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

constexpr int patience_milliseconds = 500;

bool has_room(int descriptor, int within_milliseconds = 0) {
    pollfd asked{.fd = descriptor, .events = POLLOUT, .revents = 0};
    return ::poll(&asked, 1, within_milliseconds) > 0 && (asked.revents & POLLOUT) != 0;
}

// What has room has it for this much at least.
std::size_t write_where_room(std::string_view text) {
    std::size_t done = 0;
    while (done < text.size() && has_room(STDERR_FILENO)) {
        const auto piece = text.substr(done, PIPE_BUF);
        const auto count = taken_by([&] { return ::write(STDERR_FILENO, piece.data(), piece.size()); });
        if (count == 0) break;
        done += count;
    }
    return done;
}

}  // namespace

StandardError::~StandardError() {
    if (pipe_ >= 0) ::close(pipe_);
}

bool StandardError::write(std::string_view text) {
    struct stat about{};
    if (::fstat(STDERR_FILENO, &about) != 0) return false;
    if (about.st_dev != device_ || about.st_ino != inode_) begin_with(about);
    rest_.erase(0, write_some(rest_));
    if (!rest_.empty()) return false;
    const auto done = write_some(text);
    if (done == 0) return text.empty();
    rest_ = text.substr(done);
    return true;
}

// What another descriptor 2 had not taken is nothing to this one.
void StandardError::begin_with(const struct stat& about) {
    if (pipe_ >= 0) ::close(pipe_);
    pipe_ = -1;
    rest_.clear();
    unread_ = false;
    device_ = about.st_dev;
    inode_ = about.st_ino;
    mode_ = about.st_mode;
    // Between a look at its room and a write, another process that shares a pipe may fill it.
    if (S_ISFIFO(mode_)) pipe_ = ::open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

std::size_t StandardError::write_some(std::string_view text) {
    if (text.empty()) return 0;
    auto done = try_write(text);
    if (done == 0 && !unread_) {
        unread_ = !has_room(pipe_ < 0 ? STDERR_FILENO : pipe_, patience_milliseconds);
        if (!unread_) done = try_write(text);
    }
    if (done > 0) unread_ = false;
    return done;
}

std::size_t StandardError::try_write(std::string_view text) const {
    if (S_ISSOCK(mode_))
        return taken_by(
            [&] { return ::send(STDERR_FILENO, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL); });
    if (pipe_ < 0 && !S_ISREG(mode_)) return write_where_room(text);
    const int descriptor = pipe_ < 0 ? STDERR_FILENO : pipe_;
    return taken_by([&] { return ::write(descriptor, text.data(), text.size()); });
}

}  // namespace samovar
