#include "redis/connection_impl.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include "base/random.hpp"
#include "base/reason.hpp"

namespace samovar::redis {
namespace {

constexpr std::size_t read_bytes = 64u << 10;
/// The one of TCP among them.
constexpr int round_trips_of_tls = 3;
/// Of a sign-in's: how long a PING may take where everything takes long.
constexpr int round_trips_of_a_ping = 2;
constexpr std::chrono::seconds longest_ping{10};

/// One write stays below this, unless a single request is larger: Redis begins to answer the first requests
/// while we encode the next, and what a lost connection leaves in doubt stays small.
constexpr std::size_t most_write_bytes = 1u << 20;
/// A larger buffer, left behind by a large request, is given back.
constexpr std::size_t kept_write_bytes = 4u << 20;

constexpr std::string_view unwritten = "not written before the deadline";

/// A call whose outcome the connection itself looks at.
class OwnCall final : public Call {
public:
    OwnCall(Request request, Answer answer, std::size_t expected, std::function<void(const Reply&)> done)
        : Call(std::move(request), answer, expected, false, SteadyTime::max()), done_(std::move(done)) {}

    void succeed(std::vector<Reply> replies) override {
        // Confirmations leave no replies, only a refusal does.
        done_(replies.empty() ? Reply{} : replies.front());
    }
    void fail(std::exception_ptr) override {}  // The connection is gone, which the owner knows.

private:
    std::function<void(const Reply&)> done_;
};

}  // namespace

Connection::Impl::Impl(asio::any_io_executor executor, ConnectionOptions options)
    : executor_(std::move(executor)),
      strand_(asio::make_strand(executor_)),
      options_(std::move(options)),
      read_buffer_(read_bytes),
      backoff_({.initial = options_.reconnect_min, .max = options_.reconnect_max}, random_unit),
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
    give_up_after(options_.endpoint.tls ? round_trips_of_tls : 1, "no connection");
    co_await socket_->open();
    Handshake handshake{options_};
    do {
        give_up_after(1, "no answer to the sign-in");
        asked_ = clock().steady();
    } while (!handshake.accept(co_await ask(handshake.request())));
    welcome(handshake);
}

void Connection::Impl::give_up_after(int round_trips, std::string_view what) {
    const auto bound = round_trips * options_.connect_timeout;
    watchdog_.at(clock().steady() + bound,
                 [this, text = fmt::format("{} within {} ms", what, bound.count())] { give_up(text); });
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
    ping_patience_ = std::clamp<SteadyTime::duration>(
        round_trips_of_a_ping * (connected_since_ - asked_), options_.health_interval,
        std::max<SteadyTime::duration>(longest_ping, options_.health_interval));
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

// Below: what happens to it from outside, calls, deadlines, the end of a write, its owner's wishes.

void Connection::Impl::submit(CallPtr call) {
    {
        const std::lock_guard lock{mutex_};
        if (!stopped_) {
            inbox_.push_back(std::move(call));
            if (std::exchange(wake_posted_, true)) return;
        }
    }
    if (call) {
        fail({{std::move(call), Errc::stopped}});
    } else {
        asio::post(strand_, [self = shared_from_this()] { self->wake(); });
    }
}

void Connection::Impl::wake() {
    taken_.clear();
    {
        const std::lock_guard lock{mutex_};
        taken_.swap(inbox_);
        wake_posted_ = false;
    }
    for (auto& call : taken_) pipeline_.add(std::move(call));
    taken_.clear();
    arm_deadline();
    flush();
}

void Connection::Impl::flush() {
    if (connected_ && !writing_ && pipeline_.stage(write_buffer_, most_write_bytes)) write();
}

void Connection::Impl::write() {
    writing_ = true;
    socket_->write(write_buffer_, [self = shared_from_this()](std::error_code error, std::size_t bytes) {
        self->on_written(error, bytes);
    });
}

void Connection::Impl::on_written(std::error_code error, std::size_t bytes) {
    writing_ = false;
    write_end_.cancel();
    if (write_buffer_.capacity() > kept_write_bytes) write_buffer_ = {};
    if (error) {
        handed_over_ = bytes;
        give_up(error.message());
        return;
    }
    pipeline_.wrote();
    flush();
}

void Connection::Impl::expire() {
    armed_ = SteadyTime::max();
    fail(pipeline_.expire(clock().steady()));
    arm_deadline();
}

void Connection::Impl::arm_deadline() {
    if (closing_ || pipeline_.next_deadline() >= armed_) return;
    armed_ = pipeline_.next_deadline();
    deadline_.at(armed_, [this] { expire(); });
}

void Connection::Impl::check_health() {
    const auto interval = options_.health_interval;
    if (!connected_ || interval <= std::chrono::milliseconds{0}) return;
    const auto patience =
        options_.endpoint.answer_timeout.value_or(std::chrono::ceil<std::chrono::milliseconds>(ping_patience_));
    if (pinged_ && last_received_ < *pinged_) {
        give_up(fmt::format("no reply to a PING within {} ms", patience.count()));
        return;
    }
    pinged_.reset();
    const auto time = clock().steady();
    if (time - last_received_ >= interval) {
        pinged_ = time;
        pipeline_.add(std::make_shared<OwnCall>(Request{"PING"}, Call::Answer::replies, 1, [](const Reply&) {}));
        flush();
    }
    health_.at(pinged_ ? time + patience : last_received_ + interval, [this] { check_health(); });
}

// The reading coroutine notices and goes on from there.
void Connection::Impl::give_up(std::string reason) {
    if (verdict_.empty()) verdict_ = std::move(reason);
    if (socket_) socket_->close();
}

void Connection::Impl::restart() {
    asio::post(strand_, [self = shared_from_this()] {
        self->at_once_ = true;
        self->pause_.cancel();
        self->give_up("restarted by its owner");
    });
}

void Connection::Impl::stop() {
    std::vector<Pipeline::Failed> abandoned;
    {
        const std::lock_guard lock{mutex_};
        if (std::exchange(stopped_, true)) return;
        for (auto& call : inbox_) abandoned.push_back({std::move(call), Errc::stopped});
        inbox_.clear();
    }
    fail(abandoned);
    asio::post(strand_, [self = shared_from_this()] { self->shut(); });
}

void Connection::Impl::shut() {
    closing_ = true;
    give_up("stopped by its owner");
    pause_.cancel();
    deadline_.cancel();
    fail(pipeline_.drain(Errc::stopped));
}

void Connection::Impl::refuse_waiting(const Error& error) {
    for (const auto& [call, reason] : pipeline_.drain_waiting(Errc::not_connected)) {
        if (call->settle()) {
            const auto text = fmt::format("{}: {}", describe(options_.endpoint), last_failure_);
            call->fail(std::make_exception_ptr(Error{error.kind(), text, error.code_word()}));
        }
    }
}

void Connection::Impl::fail(const std::vector<Pipeline::Failed>& failed) {
    for (const auto& [call, reason] : failed) {
        if (call->settle()) call->fail(explain(reason));
    }
}

std::exception_ptr Connection::Impl::explain(Errc reason) const {
    const std::string server = describe(options_.endpoint);
    std::string_view why = last_failure_.empty() ? unwritten : std::string_view{last_failure_};
    if (reason == Errc::timeout) why = "no reply before the deadline";
    if (reason == Errc::stopped) why = "the connection was stopped";
    return std::make_exception_ptr(Error{reason, fmt::format("{}: {}", server, why)});
}

void Connection::Impl::tell_state(bool connected) {
    if (on_state_) guarded([&] { on_state_(connected); });
}

// What a handler throws belongs to whoever runs the executor, not to the connection.
void Connection::Impl::guarded(const std::function<void()>& handler) {
    try {
        handler();
    } catch (...) {
        asio::post(executor_, [error = std::current_exception()] { std::rethrow_exception(error); });
    }
}

void Connection::Impl::remember(Kind kind, const std::vector<std::string>& names) {
    const std::lock_guard lock{mutex_};
    (kind == Kind::channels ? channels_ : patterns_).remember(names);
}

void Connection::Impl::forget(Kind kind, const std::vector<std::string>& names) {
    const std::lock_guard lock{mutex_};
    (kind == Kind::channels ? channels_ : patterns_).forget(names);
}

void Connection::Impl::set_push_handler(std::function<void(const Reply&)> handler) {
    asio::post(strand_, [self = shared_from_this(), handler = std::move(handler)]() mutable {
        self->on_push_ = std::move(handler);
    });
}

void Connection::Impl::set_state_handler(std::function<void(bool)> handler) {
    asio::post(strand_, [self = shared_from_this(), handler = std::move(handler)]() mutable {
        self->on_state_ = std::move(handler);
        if (self->connected_) self->tell_state(true);
    });
}

std::string Connection::Impl::run_id() const {
    const std::lock_guard lock{mutex_};
    return run_id_;
}

}  // namespace samovar::redis
