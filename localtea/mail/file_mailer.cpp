#include "mail/file_mailer.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mail/error.hpp"

namespace localtea::mail {
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

class Descriptor {
public:
    Descriptor(const std::filesystem::path& path, int flags, const char* what)
        : number_(::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR)) {
        if (number_ < 0) fail(what);
    }
    ~Descriptor() { ::close(number_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }

private:
    int number_;
};

void write_all(const Descriptor& file, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(file.number(), text.data(), text.size());
        if (written < 0 && errno != EINTR) fail("write a mail file");
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
}

/// Sorts by time as text: 20251122T120000.000000Z.
std::string time_name(samovar::WallTime time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("{:%Y%m%dT%H%M%S}.{:06}Z", seconds, (time - seconds).count());
}

/// The file that an earlier delivery of the task left, or the name for a new one.
std::filesystem::path file_for(const std::filesystem::path& folder, std::string_view task_id,
                               samovar::WallTime now) {
    const std::string ending = fmt::format("Z-{}.eml", safe_task_id(task_id));
    const std::size_t stamp_size = time_name(now).size() - 1;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        const auto name = entry.path().filename().native();
        if (name.size() == stamp_size + ending.size() && name.ends_with(ending)) return entry.path();
    }
    return folder / (time_name(now) + ending.substr(1));
}

void write_file(const std::filesystem::path& folder, const Email& email, samovar::WallTime now,
                std::string_view text) {
    std::filesystem::create_directories(folder);
    const Descriptor directory{folder, O_RDONLY | O_DIRECTORY, "open the mail folder"};
    // Two deliveries of one task at once must agree on one name; closing unlocks.
    if (::flock(directory.number(), LOCK_EX) != 0) fail("lock the mail folder");
    const auto path = file_for(folder, email.task_id, now);
    const auto temporary = folder / fmt::format(".{}.tmp", path.filename().native());
    {
        const Descriptor file{temporary, O_WRONLY | O_CREAT | O_TRUNC, "create a mail file"};
        write_all(file, text);
    }
    std::filesystem::rename(temporary, path);
}

}  // namespace

FileMailer::FileMailer(std::filesystem::path folder, Sender sender, const samovar::Clock& clock)
    : folder_(std::move(folder)), sender_(std::move(sender)), clock_(clock) {}

SendOutcome FileMailer::send(const Email& email) {
    try {
        const auto now = clock_.now();
        write_file(folder_, email, now, compose(email, sender_, now).text);
        return {};
    } catch (const PermanentMailError& error) {
        return {SendOutcome::Kind::permanent, error.what(), 0};
    } catch (const std::system_error& error) {
        return {SendOutcome::Kind::transient,
                fmt::format("the mail file could not be written: {}", error.code().message()), 0};
    }
}

}  // namespace localtea::mail
