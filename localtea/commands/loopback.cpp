#include "commands/loopback.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "commands/descriptor.hpp"
#include "commands/throw_errno.hpp"

namespace localtea::commands {
namespace {

Descriptor open_socket(int family) {
    Descriptor made{::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (!made) throw_errno("socket");
    return made;
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

template <class Address>
const sockaddr* generic(const Address& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

bool bind_to(int socket, std::uint16_t port) {
    // As the server does: connections of the one before may still be dying.
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto address = loopback(port);
    if (::bind(socket, generic(address), sizeof address) == 0) return true;
    if (errno != EADDRINUSE) throw_errno("bind");
    return false;
}

void limit_waiting(int socket) {
    const timeval second{.tv_sec = 1, .tv_usec = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second);
}

int status_of(std::string_view answer) {
    constexpr std::string_view version = "HTTP/1.1 ";
    int status = 0;
    if (answer.starts_with(version))
        std::from_chars(answer.data() + version.size(), answer.data() + answer.size(), status);
    return status;
}

}  // namespace

bool port_is_free(std::uint16_t port) {
    const auto socket = open_socket(AF_INET);
    return bind_to(socket.get(), port) && ::listen(socket.get(), 1) == 0;
}

std::uint16_t free_port() {
    const auto socket = open_socket(AF_INET);
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (!bind_to(socket.get(), 0) ||
        ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw_errno("no free port");
    return ntohs(address.sin_port);
}

std::size_t longest_socket_path() { return sizeof(sockaddr_un::sun_path) - 1; }

pid_t listener_of(const std::filesystem::path& path) {
    const auto socket = open_socket(AF_UNIX);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.native().size());
    if (::connect(socket.get(), generic(address), sizeof address) != 0) {
        if (errno == ENOENT || errno == ECONNREFUSED) return 0;
        throw_errno(path.c_str());
    }
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) throw_errno(path.c_str());
    return peer.pid;
}

int http_status(std::uint16_t port, const std::string& path) {
    const auto socket = open_socket(AF_INET);
    limit_waiting(socket.get());
    const auto address = loopback(port);
    if (::connect(socket.get(), generic(address), sizeof address) != 0) return 0;
    const auto request =
        fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", path, port);
    if (::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return 0;
    std::array<char, 64> answer{};
    const auto size = ::recv(socket.get(), answer.data(), answer.size(), MSG_WAITALL);
    return size < 0 ? 0 : status_of({answer.data(), static_cast<std::size_t>(size)});
}

}  // namespace localtea::commands
