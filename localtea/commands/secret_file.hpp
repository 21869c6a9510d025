// Secrets that are made once and kept in a file.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "config/secret.hpp"

namespace localtea::commands {

/// The secret in `file`; made of 256 random bits, readable by the owner alone, when there is none. The file
/// appears complete or not at all. Errors: UpError (others may read the file, it holds no secret),
/// std::system_error. Threads: one process at a time.
config::Secret kept_secret(const std::filesystem::path& file);

/// The secret in `file`; nothing when there is no such file. Errors: as kept_secret().
std::optional<config::Secret> read_secret(const std::filesystem::path& file);

/// Writes a file that its owner alone may read, complete or not at all. Errors: std::system_error.
void write_private(const std::filesystem::path& file, std::string_view text);

}  // namespace localtea::commands
