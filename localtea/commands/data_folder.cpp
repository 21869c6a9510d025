#include "commands/data_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <charconv>

#include <fmt/format.h>

#include "commands/secret_file.hpp"
#include "commands/throw_errno.hpp"
#include "commands/up_error.hpp"

namespace localtea::commands {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view pid_label = "pid ";
constexpr std::string_view address_label = "address ";

void make_private_folder(const fs::path& path) {
    fs::create_directories(path.parent_path());
    // Mails and passwords lie in it.
    if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) throw_errno(path);
}

void refuse_strangers_folder(const fs::path& path) {
    struct stat facts{};
    if (::stat(path.c_str(), &facts) != 0) throw_errno(path);
    if (!S_ISDIR(facts.st_mode))
        throw UpError{fmt::format("{} is no folder; name another with --data", path.string())};
    if (facts.st_uid != ::geteuid())
        throw UpError{
            fmt::format("{} belongs to user {}, this is user {}; run as its owner or name another folder "
                        "with --data",
                        path.string(), facts.st_uid, ::geteuid())};
}

std::string read_lock_file(int descriptor) {
    std::array<char, 512> buffer;
    const auto size = ::pread(descriptor, buffer.data(), buffer.size(), 0);
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

[[noreturn]] void refuse_second(const fs::path& path, int descriptor) {
    const auto holder = read_lock_holder(read_lock_file(descriptor));
    if (!holder)
        throw UpError{fmt::format("{} is in use by another localtea up that is just starting", path.string())};
    throw UpError{
        fmt::format("{} is in use: localtea up runs as process {} at {}; stop that one, or name another "
                    "folder with --data",
                    path.string(), holder->pid, holder->address)};
}

Descriptor lock(const fs::path& path, const LockHolder& holder) {
    const auto file = path / "lock";
    // Not inherited: the lock ends with this process even if a child of it lives on.
    Descriptor descriptor{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (!descriptor) throw_errno(file);
    if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) throw_errno(file);
        refuse_second(path, descriptor.get());
    }
    const auto text = to_text(holder);
    if (::ftruncate(descriptor.get(), 0) != 0 || ::pwrite(descriptor.get(), text.data(), text.size(), 0) < 0)
        throw_errno(file);
    return descriptor;
}

}  // namespace

std::string to_text(const LockHolder& holder) {
    return fmt::format("{}{}\n{}{}\n", pid_label, holder.pid, address_label, holder.address);
}

std::optional<LockHolder> read_lock_holder(std::string_view text) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos || !text.ends_with('\n')) return std::nullopt;
    auto first = text.substr(0, end);
    auto second = text.substr(end + 1);
    if (!first.starts_with(pid_label) || !second.starts_with(address_label)) return std::nullopt;
    first.remove_prefix(pid_label.size());
    LockHolder holder;
    const auto parsed = std::from_chars(first.data(), first.data() + first.size(), holder.pid);
    if (parsed.ec != std::errc{} || parsed.ptr != first.data() + first.size()) return std::nullopt;
    holder.address = second.substr(address_label.size(), second.size() - address_label.size() - 1);
    return holder;
}

DataFolder::DataFolder(const fs::path& path, std::string address) : path_(fs::absolute(path).lexically_normal()) {
    // "var/" names the same folder as "var".
    if (!path_.has_filename()) path_ = path_.parent_path();
    make_private_folder(path_);
    refuse_strangers_folder(path_);
    lock_ = lock(path_, {::getpid(), std::move(address)});
}

config::Secret DataFolder::secret(std::string_view name) const { return kept_secret(path_ / name); }

}  // namespace localtea::commands
