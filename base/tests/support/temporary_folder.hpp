// A folder that goes with its test, and what is in a file.
#pragma once

#include <filesystem>
#include <string>

namespace samovar::testing {

/// Made below the system's temporary folder, removed with all it holds when destroyed.
/// Errors: std::runtime_error when there is no room for it.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// Empty when there is no such file.
std::string content_of(const std::filesystem::path& file);

}  // namespace samovar::testing
