#include "detail/asio/listener.hpp"

#include <fmt/format.h>
#include <future>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <samovar/log.hpp>

#include <web/server.hpp>

namespace web::detail {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto when_accepted = asio::as_tuple(asio::use_awaitable);
/// After accept failed, for want of descriptors mostly: time for some to come back.
constexpr std::chrono::milliseconds pause_after_failure{100};

tcp::endpoint endpoint_of(const std::string& host, std::uint16_t port) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(host, error);
    if (error) throw std::invalid_argument(fmt::format("host \"{}\" is no IPv4 or IPv6 address", host));
    return {address, port};
}

void listen_on(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen();
}

}  // namespace

Listener::Listener(const Api& api, std::vector<std::unique_ptr<Loop>>& loops, Tally& tally,
                   const std::string& host, std::uint16_t port, std::size_t max_connections)
    : api_(api),
      loops_(loops),
      tally_(tally),
      max_connections_(max_connections),
      acceptor_(loops.front()->context()),
      pause_(loops.front()->context()) {
    const tcp::endpoint endpoint = endpoint_of(host, port);
    try {
        listen_on(acceptor_, endpoint);
    } catch (const boost::system::system_error& error) {
        throw ListenError(fmt::format("cannot listen on {} port {}: {}", host, port, error.code().message()),
                          error.code() == asio::error::address_in_use);
    }
    port_ = acceptor_.local_endpoint().port();
}

void Listener::start() {
    asio::co_spawn(loops_.front()->context(), run(), [](const std::exception_ptr& error) {
        if (error) samovar::log::write(samovar::log::Level::critical, "the listener failed");
    });
}

void Listener::stop() {
    std::promise<void> done;
    asio::post(acceptor_.get_executor(), [&] {
        stopped_ = true;
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
        done.set_value();
    });
    done.get_future().wait();
}

asio::awaitable<void> Listener::run() {
    for (std::size_t turn = 0; !stopped_; ++turn) {
        Loop& loop = *loops_[turn % loops_.size()];
        auto [error, socket] = co_await acceptor_.async_accept(loop.context(), when_accepted);
        if (stopped_) co_return;
        if (!error) {
            hand_over(std::move(socket), loop);
            continue;
        }
        samovar::log::warning("accept failed", {{"error", error.message()}});
        pause_.expires_after(pause_after_failure);
        co_await pause_.async_wait(when_accepted);
    }
}

void Listener::hand_over(tcp::socket socket, Loop& loop) {
    if (tally_.count() >= max_connections_) return turn_away(std::move(socket));
    tally_.add();
    loop.post_adopt(std::move(socket));
}

void Listener::turn_away(tcp::socket socket) {
    Request request;
    Response response = api_.refuse(request, 503, "Too many connections");
    response.headers.set("Retry-After", "1");
    std::string bytes;
    write_head(bytes, response, {.keep_alive = false}, api_.clock().now());
    bytes += response.body;
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(bytes), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace web::detail
