#include "support/temporary_folder.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace samovar::testing {

namespace {

/// In memory where there is such a place: what tests store need not outlive them, so no fsync has to wait for a
/// disk.
std::filesystem::path parent_folder() {
    const char* memory = "/dev/shm";
    return ::access(memory, W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::string name = parent_folder() / "samovar-XXXXXX";
    if (!::mkdtemp(name.data())) throw std::runtime_error{"cannot make a temporary folder"};
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;  // A folder left behind harms no test.
    std::filesystem::remove_all(path_, ignored);
}

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace samovar::testing
