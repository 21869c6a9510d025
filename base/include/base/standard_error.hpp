// Standard error for a process that must not wait for ever for whoever reads it.
#pragma once

#include <string>
#include <string_view>

#include <sys/stat.h>
#include <sys/types.h>

namespace samovar {

/// A pipe that is full, a stopped terminal or a socket whose reader sleeps takes no more; a plain write would wait
/// for it. Descriptor 2 itself stays as it is: others share it.
///
/// Threads: one at a time.
class StandardError {
public:
    StandardError() = default;
    ~StandardError();
    StandardError(const StandardError&) = delete;
    StandardError& operator=(const StandardError&) = delete;

    /// Writes `text`, or nothing of it: then it is false. A reader that is slow is waited for, half a second at
    /// most; one that took nothing in that time is not waited for again before it takes something. What the reader
    /// has taken a part of counts as written; the rest goes first with the next call.
    bool write(std::string_view text);

private:
    void begin_with(const struct stat& about);
    /// How much was taken; waits for room.
    std::size_t write_some(std::string_view text);
    /// How much was taken at once.
    std::size_t try_write(std::string_view text) const;

    /// What descriptor 2 is.
    dev_t device_ = 0;
    ino_t inode_ = 0;
    mode_t mode_ = 0;
    /// A pipe, opened once more: that one never waits. -1: it is none, or cannot be opened.
    int pipe_ = -1;
    std::string rest_;
    /// Its reader has let the time pass.
    bool unread_ = false;
};

}  // namespace samovar
