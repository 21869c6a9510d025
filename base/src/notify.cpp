#include <samovar/notify.hpp>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace samovar {

void notify_manager(std::string_view state) noexcept {
    const char* path = std::getenv("NOTIFY_SOCKET");
    if (!path) return;
    const std::size_t length = std::strlen(path);
    sockaddr_un address{};
    if (length == 0 || length >= sizeof address.sun_path) return;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path, length);
    // An @ stands for the zero byte that begins the name of a socket outside the file system.
    if (address.sun_path[0] == '@') address.sun_path[0] = '\0';

    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) return;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    (void)::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
                   size);
    ::close(socket);
}

std::optional<std::chrono::milliseconds> manager_watchdog_interval() noexcept {
    const auto number = [](const char* name) -> std::optional<long long> {
        const char* text = std::getenv(name);
        if (!text) return std::nullopt;
        long long value = 0;
        const auto end = text + std::strlen(text);
        const auto [rest, error] = std::from_chars(text, end, value);
        return error == std::errc{} && rest == end && value > 0 ? std::optional{value} : std::nullopt;
    };
    // WATCHDOG_PID names whom it is meant for: a child inherits both.
    if (const auto pid = number("WATCHDOG_PID"); pid && *pid != ::getpid()) return std::nullopt;
    const auto microseconds = number("WATCHDOG_USEC");
    if (!microseconds) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::microseconds{*microseconds});
}

}  // namespace samovar
