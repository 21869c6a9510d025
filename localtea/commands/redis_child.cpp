#include "commands/redis_child.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include <samovar/log.hpp>

#include "commands/loopback.hpp"
#include "commands/process_handle.hpp"
#include "commands/secret_file.hpp"
#include "commands/up_error.hpp"

namespace localtea::commands {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds orphan_grace = 20s;

std::string find_in_path(std::string_view name) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path ? path : "/usr/bin:/bin";
    while (!rest.empty()) {
        const auto end = rest.find(':');
        const auto candidate = fs::path{rest.substr(0, end)} / name;
        if (candidate.is_absolute() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    throw UpError{fmt::format(
        "{} is not installed: apt install {}, or set REDIS_URL to a Redis that runs elsewhere", name, name)};
}

/// As redis.conf reads it.
std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') result += '\\';
        result += letter;
    }
    return result + '"';
}

std::string command_line_of(pid_t pid) {
    std::ifstream file{fmt::format("/proc/{}/cmdline", pid), std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

std::string redis_configuration(const fs::path& folder, const fs::path& socket, std::uint16_t port,
                                const config::Secret& password) {
    return fmt::format(
        "bind 127.0.0.1\n"
        "port {}\n"
        "unixsocket {}\n"
        "unixsocketperm 700\n"
        "requirepass {}\n"
        "dir {}\n"
        "save \"\"\n"
        "appendonly yes\n"
        "appendfsync everysec\n"
        "maxmemory-policy noeviction\n"
        "daemonize no\n"
        "loglevel warning\n"
        // The command line stays as it was given: it tells whose Redis this is.
        "set-proc-title no\n",
        port, quoted(socket), quoted(password.reveal()), quoted(folder));
}

bool is_redis_on(std::string_view command_line, const fs::path& configuration) {
    const auto end = command_line.find('\0');
    if (end == std::string_view::npos) return false;
    const fs::path program{command_line.substr(0, end)};
    const auto argument = command_line.substr(end + 1);
    return program.filename() == "redis-server" &&
           argument.substr(0, argument.find('\0')) == configuration.native();
}

std::string url_encoded(std::string_view text) {
    constexpr std::string_view plain = "/-._~";
    std::string result;
    for (const char sign : text) {
        const auto byte = static_cast<unsigned char>(sign);
        const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (letter || (byte >= '0' && byte <= '9') || plain.find(sign) != std::string_view::npos)
            result += sign;
        else
            result += fmt::format("%{:02X}", byte);
    }
    return result;
}

fs::path redis_socket(const fs::path& data) { return data / "redis.sock"; }

fs::path redis_password_file(const fs::path& data) { return data / "redis_password"; }

std::string redis_url(const fs::path& data, const config::Secret& password) {
    return fmt::format("unix://:{}@{}?db=0", url_encoded(password.reveal()),
                       url_encoded(redis_socket(data).native()));
}

RedisChild::RedisChild(const fs::path& data, config::Secret password)
    : data_(data),
      folder_(data / "redis"),
      socket_(redis_socket(data)),
      executable_(find_in_path("redis-server")),
      password_(std::move(password)) {
    if (socket_.native().size() > longest_socket_path())
        throw UpError{
            fmt::format("{} is longer than the {} bytes that a unix socket's path may have; name a folder "
                        "with a shorter path with --data",
                        socket_.string(), longest_socket_path())};
}

void RedisChild::stop_orphan() const {
    const pid_t pid = listener_of(socket_);
    if (pid == 0) return;
    // Opened first: what is verified and what gets the signal is one process, whatever its number becomes.
    const ProcessHandle process{pid};
    if (!process) return;
    if (!is_redis_on(command_line_of(pid), configuration()))
        throw UpError{
            fmt::format("{} is served by process {}, which is not this shop's Redis; stop it, or name "
                        "another folder with --data",
                        socket_.string(), pid)};
    samovar::log::warning(
        "a Redis was left on this data folder by a localtea up that crashed; it is stopped first",
        {{"pid", std::int64_t{pid}}});
    process.signal(SIGTERM);
    if (!process.ends_within(orphan_grace))
        throw UpError{fmt::format("process {}, the Redis that a crashed localtea up left, does not stop", pid)};
}

Program RedisChild::program() {
    if (started_ && !answered_) throw UpError{"redis-server ended before it answered; what it said is above"};
    started_ = true;
    fs::create_directories(folder_);
    // Tasks hold addresses and tokens, and Redis writes them down for everybody to read.
    fs::permissions(folder_, fs::perms::owner_all);
    if (port_ == 0 || !port_is_free(port_)) port_ = free_port();
    write_private(configuration(), redis_configuration(folder_, socket_, port_, password_));
    return {.arguments = {executable_, configuration()},
            .environment = {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C"}},
            // Not SIGKILL: it writes what it holds before it goes.
            .death_signal = SIGTERM};
}

bool RedisChild::answers() {
    if (!answered_) answered_ = listener_of(socket_) != 0;
    return answered_;
}

std::string RedisChild::url() const { return redis_url(data_, password_); }

std::string RedisChild::description() const {
    return fmt::format("its own, {} and 127.0.0.1:{}; the password is in {}", socket_.string(), port_,
                       redis_password_file(data_).string());
}

}  // namespace localtea::commands
