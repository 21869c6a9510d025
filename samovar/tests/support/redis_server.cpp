#include "support/redis_server.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "support/certificates.hpp"

namespace samovar::testing {
namespace {

/// Asked of the system and given back: somebody may take it in between, so starting is tried more than once.
std::uint16_t free_port() {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) throw std::runtime_error{"no socket"};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    const bool bound = ::bind(listener, raw, size) == 0 && ::getsockname(listener, raw, &size) == 0;
    ::close(listener);
    if (!bound) throw std::runtime_error{"no free port"};
    return ntohs(address.sin_port);
}

}  // namespace

RedisServer::RedisServer(RedisServerOptions options) : options_(std::move(options)) {
    if (options_.tls) CertificateAuthority{folder()}.issue("localhost");
    for (int attempt = 1;; ++attempt) {
        port_ = free_port();
        if (options_.tls) tls_port_ = free_port();
        try {
            start();
            return;
        } catch (const std::runtime_error&) {
            kill();
            if (attempt == 3) throw;
        }
    }
}

RedisServer::~RedisServer() { kill(); }

void RedisServer::write_config() {
    std::ofstream config{folder() / "redis.conf"};
    config << fmt::format("bind 127.0.0.1\nport {}\nunixsocket {}\ndir {}\nlogfile {}\nsave \"\"\ndatabases 16\n",
                          port_, socket_path(), folder().string(), (folder() / "redis.log").string());
    if (!options_.password.empty()) config << "requirepass " << options_.password << '\n';
    if (options_.append_only) config << "appendonly yes\nappendfsync always\n";
    if (options_.tls) {
        config << fmt::format("tls-port {}\ntls-auth-clients no\ntls-ca-cert-file {}\n", tls_port_, ca_file())
               << fmt::format("tls-cert-file {0}/localhost.pem\ntls-key-file {0}/localhost.key\n",
                              folder().string());
    }
    for (const auto& user : options_.users) config << "user " << user << '\n';
    for (const auto& line : options_.config) config << line << '\n';
}

void RedisServer::spawn() {
    const std::string config = folder() / "redis.conf";
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error{"fork failed"};
    if (pid_ > 0) return;
    // Between fork and exec only what is safe in a process that had threads.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    if (const int output = ::open("/dev/null", O_WRONLY); output >= 0) ::dup2(output, STDOUT_FILENO);
    ::execlp("redis-server", "redis-server", config.c_str(), nullptr);
    ::_exit(127);
}

void RedisServer::start() {
    write_config();
    spawn();
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!answers()) {
        const bool ended = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
        if (ended) pid_ = -1;
        if (ended || std::chrono::steady_clock::now() > limit) {
            throw std::runtime_error{"redis-server did not start:\n" + content_of(folder() / "redis.log")};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
}

// Ready when a PING is understood, whether or not it is allowed, and the data has been loaded.
bool RedisServer::answers() const {
    const int client = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client < 0) throw std::runtime_error{"no socket"};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket_path().c_str(), sizeof address.sun_path - 1);
    std::array<char, 64> reply{};
    ssize_t size = -1;
    constexpr std::string_view ping = "PING\r\n";
    if (::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::send(client, ping.data(), ping.size(), MSG_NOSIGNAL) > 0) {
        size = ::recv(client, reply.data(), reply.size(), 0);
    }
    ::close(client);
    return size > 0 && !std::string_view{reply.data(), static_cast<std::size_t>(size)}.starts_with("-LOADING");
}

void RedisServer::kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

void RedisServer::pause() const {
    ::kill(pid_, SIGSTOP);
    int status = 0;
    ::waitpid(pid_, &status, WUNTRACED);  // Returns when it has really stopped.
}

void RedisServer::resume() const { ::kill(pid_, SIGCONT); }

std::string RedisServer::sign_in() const {
    return options_.password.empty() ? "" : fmt::format(":{}@", options_.password);
}

std::string RedisServer::url(int database) const {
    return fmt::format("redis://{}127.0.0.1:{}/{}", sign_in(), port_, database);
}

std::string RedisServer::unix_url(int database) const {
    return fmt::format("unix://{}{}?db={}", sign_in(), socket_path(), database);
}

std::string RedisServer::tls_url(const std::string& host) const {
    return fmt::format("rediss://{}{}:{}/0?ssl_ca_certs={}", sign_in(), host, tls_port_, ca_file());
}

}  // namespace samovar::testing
