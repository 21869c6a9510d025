#include <web/server.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <samovar/log.hpp>

#include "detail/asio/listener.hpp"
#include "detail/asio/loop.hpp"

namespace web {
namespace {

/// For handlers that were cancelled to come to their end.
constexpr std::chrono::milliseconds patience_after_cut{5'000};

}  // namespace

class Server::Impl {
public:
    Impl(const Api& api, ServerOptions options)
        : options_(std::move(options)),
          loops_(make_loops(api)),
          listener_(api, loops_, tally_, options_.host, options_.port, options_.max_connections) {}

    ~Impl() { drain(std::chrono::milliseconds{0}); }

    void start() {
        started_ = true;
        listener_.start();
        for (const auto& loop : loops_) loop->start();
    }

    bool drain(std::chrono::milliseconds grace) {
        if (std::exchange(drained_, true)) return true;
        const bool finished = !started_ || finish(grace);
        for (const auto& loop : loops_) loop->stop();
        return finished;
    }

    std::uint16_t port() const { return listener_.port(); }
    std::size_t connections() const { return tally_.count(); }

    std::vector<boost::asio::any_io_executor> executors() const {
        std::vector<boost::asio::any_io_executor> executors;
        for (const auto& loop : loops_) executors.emplace_back(loop->context().get_executor());
        return executors;
    }

private:
    std::vector<std::unique_ptr<detail::Loop>> make_loops(const Api& api) {
        if (options_.threads == 0) throw std::invalid_argument("threads: at least one is needed");
        std::vector<std::unique_ptr<detail::Loop>> loops;
        for (unsigned i = 0; i < options_.threads; ++i)
            loops.push_back(std::make_unique<detail::Loop>(api, options_.bounds, tally_));
        return loops;
    }

    bool finish(std::chrono::milliseconds grace) {
        listener_.stop();
        for (const auto& loop : loops_) loop->post_drain();
        if (tally_.wait_until_none(grace)) return true;
        for (const auto& loop : loops_) loop->post_cut();
        if (!tally_.wait_until_none(patience_after_cut)) {
            samovar::log::error("handlers ignored their cancellation", {{"connections", tally_.count()}});
        }
        return false;
    }

    ServerOptions options_;
    detail::Tally tally_;
    std::vector<std::unique_ptr<detail::Loop>> loops_;
    detail::Listener listener_;
    bool started_ = false;
    bool drained_ = false;
};

Server::Server(const Api& api, ServerOptions options) : impl_(std::make_unique<Impl>(api, std::move(options))) {}
Server::~Server() = default;
void Server::start() { impl_->start(); }
std::uint16_t Server::port() const { return impl_->port(); }
std::vector<boost::asio::any_io_executor> Server::executors() const { return impl_->executors(); }
bool Server::drain(std::chrono::milliseconds grace) { return impl_->drain(grace); }
std::size_t Server::connections() const { return impl_->connections(); }

}  // namespace web
