// The folder in which `up` keeps everything, and the lock that makes it one shop's.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "commands/descriptor.hpp"
#include "config/secret.hpp"

namespace localtea::commands {

/// Who runs on a data folder, as the lock file tells.
struct LockHolder {
    pid_t pid = 0;
    std::string address;
    /// The variables of stores that it did not bring along: "REDIS_URL DATABASE_URL".
    std::string given;

    friend bool operator==(const LockHolder&, const LockHolder&) = default;
};

std::string to_text(const LockHolder& holder);
/// Empty: the text is none, e.g. because its writer has only just begun.
std::optional<LockHolder> read_lock_holder(std::string_view text);

/// Who runs on that folder, or was the last to; nothing for a folder on which nobody ever did.
/// Errors: std::system_error for a file that cannot be read.
std::optional<LockHolder> last_holder(const std::filesystem::path& folder);

/// A folder that is ours alone until the process ends, however it ends.
class DataFolder {
public:
    /// Makes the folder, for its owner alone, where it is missing, and locks it. `address` and `given` are what
    /// others are told, as in LockHolder. Errors: UpError (it is in use, which names pid and address of the
    /// holder; it belongs to someone else), std::system_error.
    DataFolder(const std::filesystem::path& path, std::string address, std::string given = "");

    /// Absolute.
    const std::filesystem::path& path() const { return path_; }
    /// The secret of that name, made at its first use. Errors: as kept_secret().
    config::Secret secret(std::string_view name) const;

private:
    std::filesystem::path path_;
    Descriptor lock_;
};

}  // namespace localtea::commands
