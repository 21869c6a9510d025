// A client that sends whatever bytes a test wants. Blocking; a wait of 20 s fails the test.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace web_tests {

struct RawReply {
    int status = 0;
    std::string head;
    std::string body;
};

class RawClient {
public:
    /// `receive_buffer`: bytes the kernel may hold for us, to be a slow reader; zero: its default.
    explicit RawClient(std::uint16_t port, bool ipv6 = false, int receive_buffer = 0)
        : socket_(::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (receive_buffer > 0)
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        v6.sin6_addr = in6addr_loopback;
        const int failed = ipv6 ? ::connect(socket_, reinterpret_cast<sockaddr*>(&v6), sizeof v6)
                                : ::connect(socket_, reinterpret_cast<sockaddr*>(&v4), sizeof v4);
        if (failed != 0) throw std::runtime_error("connect failed");
    }
    ~RawClient() { ::close(socket_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;  // the server has closed; what it said before can still be read
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    /// The next answer; `has_body` false for the answer to HEAD.
    RawReply read(bool has_body = true) {
        std::size_t head_size = 0;
        while ((head_size = buffer_.find("\r\n\r\n")) == std::string::npos) require_more();
        RawReply reply;
        reply.head = buffer_.substr(0, head_size + 2);
        reply.status = std::stoi(reply.head.substr(9, 3));
        buffer_.erase(0, head_size + 4);
        const std::size_t length = has_body ? content_length(reply.head) : 0;
        while (buffer_.size() < length) require_more();
        reply.body = buffer_.substr(0, length);
        buffer_.erase(0, length);
        return reply;
    }

    RawReply request(std::string_view bytes) {
        send(bytes);
        return read();
    }

    /// Everything until the server closes.
    std::string read_to_end() {
        while (receive()) {
        }
        return std::exchange(buffer_, {});
    }

    /// Something has come, or the connection has ended, within that time.
    bool has_answer_within(int milliseconds) const {
        pollfd readable{.fd = socket_, .events = POLLIN, .revents = 0};
        return ::poll(&readable, 1, milliseconds) > 0;
    }

    void finish_sending() const { ::shutdown(socket_, SHUT_WR); }

private:
    static std::size_t content_length(const std::string& head) {
        const std::size_t at = head.find("Content-Length: ");
        return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
    }

    void require_more() {
        if (!receive()) throw std::runtime_error("the server closed the connection after: " + buffer_);
    }

    /// False at the end of the connection, orderly or not.
    bool receive() {
        pollfd readable{.fd = socket_, .events = POLLIN, .revents = 0};
        if (::poll(&readable, 1, 20'000) <= 0) throw std::runtime_error("the server says nothing");
        char bytes[65536];
        const ssize_t size = ::recv(socket_, bytes, sizeof bytes, 0);
        if (size <= 0) return false;
        buffer_.append(bytes, static_cast<std::size_t>(size));
        return true;
    }

    int socket_;
    std::string buffer_;
};

}  // namespace web_tests
