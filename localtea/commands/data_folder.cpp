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
constexpr std::string_view given_label = "given ";

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
    std::array<char, 512> buffer{};
    const auto size = ::pread(descriptor, buffer.data(), buffer.size(), 0);
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

/// What follows `label` on the first line, which is taken away; nothing when the line is another or no whole one.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view label) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos || !text.starts_with(label)) return std::nullopt;
    const auto rest = text.substr(label.size(), end - label.size());
    text.remove_prefix(end + 1);
    return rest;
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
    return fmt::format("{}{}\n{}{}\n{}{}\n", pid_label, holder.pid, address_label, holder.address, given_label,
                       holder.given);
}

std::optional<LockHolder> read_lock_holder(std::string_view text) {
    const auto pid = take_line(text, pid_label);
    const auto address = take_line(text, address_label);
    const auto given = take_line(text, given_label);
    if (!pid || !address || !given) return std::nullopt;
    LockHolder holder{.pid = 0, .address = std::string{*address}, .given = std::string{*given}};
    const auto parsed = std::from_chars(pid->data(), pid->data() + pid->size(), holder.pid);
    if (parsed.ec != std::errc{} || parsed.ptr != pid->data() + pid->size()) return std::nullopt;
    return holder;
}

std::optional<LockHolder> last_holder(const fs::path& folder) {
    const auto file = folder / "lock";
    const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (descriptor) return read_lock_holder(read_lock_file(descriptor.get()));
    if (errno != ENOENT && errno != ENOTDIR) throw_errno(file);
    return std::nullopt;
}

DataFolder::DataFolder(const fs::path& path, std::string address, std::string given)
    : path_(fs::absolute(path).lexically_normal()) {
    // "var/" names the same folder as "var".
    if (!path_.has_filename()) path_ = path_.parent_path();
    make_private_folder(path_);
    refuse_strangers_folder(path_);
    lock_ = lock(path_, {::getpid(), std::move(address), std::move(given)});
}

config::Secret DataFolder::secret(std::string_view name) const { return kept_secret(path_ / name); }

}  // namespace localtea::commands
