// The HTTP/1.1 server: sockets, event loops, bounds and the orderly end.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include <web/bounds.hpp>

namespace web {

class Api;

struct ServerOptions {
    /// A numeric address: "127.0.0.1", "0.0.0.0", "::".
    std::string host = "127.0.0.1";
    /// Zero: any free one; Server::port tells which.
    std::uint16_t port = 8000;
    /// Event loops, one thread each. A connection stays on its loop, and so do its handlers.
    unsigned threads = 1;
    /// A connection beyond these is answered 503 and closed.
    std::size_t max_connections = 10'000;
    Bounds bounds{};
};

/// The address cannot be listened on; the message names it and the reason.
class ListenError : public std::runtime_error {
public:
    ListenError(const std::string& what, bool in_use) : std::runtime_error(what), in_use_(in_use) {}
    /// Somebody else listens there.
    bool in_use() const { return in_use_; }

private:
    bool in_use_;
};

/// Serves an Api until drained.
///
/// Threads: `start`, `drain` and the destructor from one thread, not one of its own loops.
/// Lifetime: the Api outlives the server.
class Server {
public:
    /// Binds and listens; connections are accepted from `start` on.
    /// Errors: ListenError; std::invalid_argument for a host that is no address or zero threads.
    Server(const Api& api, ServerOptions options);
    /// Drains without patience.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();

    std::uint16_t port() const;
    /// The loops, for what handlers share per loop. Valid until drained.
    std::vector<boost::asio::any_io_executor> executors() const;

    /// Stops accepting, closes idle connections, lets running requests finish and answers them with
    /// `Connection: close`. After `grace` the rest is cancelled and cut. Returns when nothing runs any more:
    /// true when no request had to be cut. A second call does nothing.
    bool drain(std::chrono::milliseconds grace);

    /// Open connections now.
    std::size_t connections() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace web
