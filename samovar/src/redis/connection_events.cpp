// What happens to a connection from outside: calls, deadlines, the end of a write, its owner's wishes.
#include <utility>

#include <fmt/format.h>
#include <boost/asio/post.hpp>

#include "redis/connection_impl.hpp"

namespace samovar::redis {
namespace {

/// One write stays below this, unless a single request is larger: Redis begins to answer the first requests
/// while we encode the next, and what a lost connection leaves in doubt stays small.
constexpr std::size_t most_write_bytes = 1u << 20;
/// A larger buffer, left behind by a large request, is given back.
constexpr std::size_t kept_write_bytes = 4u << 20;

constexpr std::string_view unwritten = "not written before the deadline";

}  // namespace

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
    const auto patience = options_.endpoint.answer_timeout.value_or(interval);
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
