// A file as a whole.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace localtea::mail {

/// Nothing when the file cannot be opened.
std::optional<std::string> file_content(const std::filesystem::path& path);

}  // namespace localtea::mail
