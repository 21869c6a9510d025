#include "commands/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "commands/descriptor.hpp"
#include "commands/throw_errno.hpp"
#include "commands/up_error.hpp"
#include "domain/token.hpp"

namespace localtea::commands {
namespace {

// As long as the shortest SECRET_KEY that servers accept.
constexpr std::size_t least_bytes = 32;
constexpr std::size_t most_bytes = 4096;

void refuse_if_others_may_read(int descriptor, const std::filesystem::path& file) {
    struct stat facts{};
    if (::fstat(descriptor, &facts) != 0) throw_errno(file);
    if (facts.st_mode & (S_IRWXG | S_IRWXO))
        throw UpError{
            fmt::format("{} holds a secret and others may read it; chmod 600 {}", file.string(), file.string())};
}

std::string read_all(int descriptor, const std::filesystem::path& file) {
    std::array<char, most_bytes> buffer{};
    const auto size = ::read(descriptor, buffer.data(), buffer.size());
    if (size < 0) throw_errno(file);
    std::string text{buffer.data(), static_cast<std::size_t>(size)};
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace

void write_private(const std::filesystem::path& file, std::string_view text) {
    const std::string draft = file.string() + ".new";
    ::unlink(draft.c_str());
    const Descriptor out{::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (!out) throw_errno(draft);
    while (!text.empty()) {
        const auto written = ::write(out.get(), text.data(), text.size());
        if (written < 0) throw_errno(draft);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(out.get()) != 0 || ::rename(draft.c_str(), file.c_str()) != 0) throw_errno(file);
}

std::optional<config::Secret> read_secret(const std::filesystem::path& file) {
    const Descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!in) {
        if (errno != ENOENT) throw_errno(file);
        return std::nullopt;
    }
    refuse_if_others_may_read(in.get(), file);
    const auto text = read_all(in.get(), file);
    if (text.size() < least_bytes || text.find_first_of("\r\n") != std::string::npos)
        throw UpError{
            fmt::format("{} holds no secret of at least {} bytes in one line; remove it to get a new one",
                        file.string(), least_bytes)};
    return config::Secret{text};
}

config::Secret kept_secret(const std::filesystem::path& file) {
    if (auto kept = read_secret(file)) return *std::move(kept);
    const auto made = domain::make_token();
    write_private(file, made + '\n');
    return config::Secret{made};
}

}  // namespace localtea::commands
