// Accepts connections and hands them to the loops in turn.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "detail/asio/loop.hpp"

namespace web::detail {

/// Threads: the first loop's, once started.
class Listener {
public:
    /// Errors: ListenError; std::invalid_argument for a host that is no address.
    Listener(const Api& api, std::vector<std::unique_ptr<Loop>>& loops, Tally& tally, const std::string& host,
             std::uint16_t port, std::size_t max_connections);

    void start();
    /// Returns when no further connection can come. From any thread but the loop's, which must be running.
    void stop();
    std::uint16_t port() const { return port_; }

private:
    boost::asio::awaitable<void> run();
    void hand_over(boost::asio::ip::tcp::socket socket, Loop& loop);
    /// Says 503 in the little that fits a fresh socket, without waiting for anybody.
    void turn_away(boost::asio::ip::tcp::socket socket);

    const Api& api_;
    std::vector<std::unique_ptr<Loop>>& loops_;
    Tally& tally_;
    std::size_t max_connections_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    std::uint16_t port_ = 0;
    bool stopped_ = false;
};

}  // namespace web::detail
