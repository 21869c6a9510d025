#include "mail/file_content.hpp"

#include <fstream>
#include <iterator>

namespace localtea::mail {

std::optional<std::string> file_content(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace localtea::mail
