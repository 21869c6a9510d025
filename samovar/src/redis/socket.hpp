// The byte stream below a connection: TCP, TLS over TCP, or a unix socket.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "redis/url.hpp"

namespace samovar::redis {

namespace asio = boost::asio;

/// One attempt to talk to a server. Used once: open, then one read and one write at a time, then close.
///
/// Threads: only on the executor it was made with, which must run one handler at a time.
/// Lifetime: must outlive what was started on it; close() ends that soon.
class Socket {
public:
    using Written = std::function<void(std::error_code error, std::size_t bytes)>;

    virtual ~Socket() = default;

    /// Resolves, connects, and for TLS checks the server. Errors: boost::system::system_error, and
    /// Error{bad_configuration} for unreadable key files and a server that is not trusted.
    virtual asio::awaitable<void> open() = 0;
    /// Reads at least one byte. Errors: boost::system::system_error, end of file among them.
    virtual asio::awaitable<std::size_t> read(std::span<char> into) = 0;
    /// Writes all of `bytes`, which must stay until `done` is called with how many were handed over.
    virtual void write(std::string_view bytes, Written done) = 0;
    /// Makes everything under way fail. Safe to call twice.
    virtual void close() = 0;
};

std::unique_ptr<Socket> make_socket(const asio::any_io_executor& executor, const Endpoint& endpoint);

}  // namespace samovar::redis
