#include "redis/connection_impl.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include "base/reason.hpp"

namespace samovar::redis {
namespace {

constexpr std::size_t read_bytes = 64u << 10;

}  // namespace

Connection::Impl::Impl(asio::any_io_executor executor, ConnectionOptions options)
    : executor_(std::move(executor)),
      strand_(asio::make_strand(executor_)),
      options_(std::move(options)),
      read_buffer_(read_bytes),
      backoff_({.initial = options_.reconnect_min, .max = options_.reconnect_max}, system_random()),
      watchdog_(strand_, clock()),
      deadline_(strand_, clock()),
      health_(strand_, clock()),
      pause_(strand_, clock()),
      write_end_(strand_, clock()) {}

void Connection::Impl::start() {
    const auto life = [](std::shared_ptr<Impl> self) -> asio::awaitable<void> { co_await self->run(); };
    asio::co_spawn(strand_, life(shared_from_this()), [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
    });
}

asio::awaitable<void> Connection::Impl::run() {
    while (!closing_) {
        if (co_await sign_in()) co_await serve();
        co_await hang_up();
        if (!closing_) co_await pause();
    }
}

asio::awaitable<bool> Connection::Impl::sign_in() {
    verdict_.clear();
    loss_ = Errc::connection_lost;
    bool signed_in = false;
    try {
        co_await open_and_shake_hands();
        signed_in = true;
    } catch (const Error& error) {
        note_failure(error.what());
        if (error.kind() != Errc::not_connected && error.kind() != Errc::protocol) refuse_waiting(error);
    } catch (const std::exception& error) {
        note_failure(reason_of(error));
    }
    watchdog_.cancel();
    co_return signed_in;
}

asio::awaitable<void> Connection::Impl::open_and_shake_hands() {
    socket_ = make_socket(strand_, options_.endpoint);
    parser_ = RespParser{};
    input_ = {};
    watchdog_.at(clock().steady() + options_.connect_timeout, [this] {
        give_up(fmt::format("no connection and sign-in within {} ms", options_.connect_timeout.count()));
    });
    co_await socket_->open();
    Handshake handshake{options_};
    while (!handshake.accept(co_await ask(handshake.request()))) {
    }
    welcome(handshake);
}

asio::awaitable<std::vector<Reply>> Connection::Impl::ask(Request request) {
    const auto expected = request.commands();
    co_await written();
    write_buffer_ = std::move(request).take_bytes();
    write();
    std::vector<Reply> replies;
    while (true) {
        while (auto message = parser_.next(input_)) {
            if (!message->push) replies.push_back(std::move(message->reply));
        }
        if (replies.size() > expected) throw Error{Errc::protocol, "more replies than commands while signing in"};
        if (replies.size() == expected) co_return replies;
        co_await fill();
    }
}

asio::awaitable<void> Connection::Impl::fill() {
    const auto count = co_await socket_->read(read_buffer_);
    input_ = {read_buffer_.data(), count};
    last_received_ = clock().steady();
}

// A reply may arrive before the system has told us that its request was written.
asio::awaitable<void> Connection::Impl::written() {
    while (writing_) co_await write_end_.wait(SteadyTime::max());
}

void Connection::Impl::welcome(const Handshake& handshake) {
    {
        const std::lock_guard lock{mutex_};
        if (!handshake.run_id().empty()) run_id_ = handshake.run_id();
        restore(channels_);
        restore(patterns_);
    }
    connected_since_ = clock().steady();
    last_failure_.clear();
    tracking_ = handshake.tracking();
    resp3_ = handshake.resp3();
    connected_ = true;
    pinged_.reset();
    check_health();
    tell_state(true);
    flush();
}

void Connection::Impl::restore(const Subscriptions& subscriptions) {
    if (subscriptions.count() == 0) return;
    pipeline_.add_first(std::make_shared<OwnCall>(
        subscriptions.restore(), Call::Answer::confirmations, subscriptions.count(), [this](const Reply& reply) {
            if (reply.is_error()) give_up(fmt::format("subscription refused: {}", reply.error().message));
        }));
}

asio::awaitable<void> Connection::Impl::serve() {
    try {
        while (true) {
            while (auto message = parser_.next(input_)) dispatch(std::move(*message));
            co_await fill();
        }
    } catch (const Error& error) {
        loss_ = Errc::protocol;
        note_failure(error.what());
    } catch (const std::exception& error) {
        note_failure(reason_of(error));
    }
}

void Connection::Impl::dispatch(Incoming message) {
    auto routed = pipeline_.route(std::move(message));
    if (routed.finished && routed.finished->settle()) {
        guarded([&] { routed.finished->succeed(routed.finished->take_replies()); });
    } else if (routed.push && on_push_) {
        guarded([&] { on_push_(*routed.push); });
    }
}

asio::awaitable<void> Connection::Impl::hang_up() {
    health_.cancel();
    if (socket_) socket_->close();
    co_await written();
    socket_.reset();
    const bool was_connected = connected_.exchange(false);
    tracking_ = false;
    auto lost = pipeline_.lose(handed_over_);
    for (auto& failed : lost) failed.reason = loss_;
    fail(lost);
    // A server that signs us in and drops us at once is not to be asked ever faster.
    if (was_connected && clock().steady() - connected_since_ >= options_.reconnect_max) backoff_.reset();
    if (was_connected) tell_state(false);
}

asio::awaitable<void> Connection::Impl::pause() {
    if (!at_once_) co_await pause_.wait(clock().steady() + backoff_.next());
    at_once_ = false;
}

void Connection::Impl::note_failure(std::string_view what) { last_failure_ = verdict_.empty() ? what : verdict_; }

}  // namespace samovar::redis
