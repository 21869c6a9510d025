// A folder that goes with its test.
#pragma once

#include <filesystem>

namespace localtea::testing {

/// Made below the system's temporary folder, removed with all it holds when destroyed.
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

}  // namespace localtea::testing
