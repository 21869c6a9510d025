#include "redis/connection.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "redis/connection_impl.hpp"
#include "redis/error.hpp"

namespace samovar::redis {
namespace {

using Signature = void(std::exception_ptr, std::vector<Reply>);

/// A call whose caller is an Asio handler; the handler runs on its own executor and is cancelled there.
template <class Handler>
class HandlerCall final : public Call {
public:
    HandlerCall(Handler handler, Request request, Answer answer, std::size_t expected, bool resend,
                SteadyTime deadline)
        : Call(std::move(request), answer, expected, resend, deadline), handler_(std::move(handler)) {}

    void succeed(std::vector<Reply> replies) override {
        const auto executor = asio::get_associated_executor(handler_);
        asio::dispatch(executor, completion(nullptr, std::move(replies)));
    }

    // Posted, since whoever fails a call may be in the middle of something.
    void fail(std::exception_ptr error) override {
        const auto executor = asio::get_associated_executor(handler_);
        asio::post(executor, completion(std::move(error), {}));
    }

private:
    auto completion(std::exception_ptr error, std::vector<Reply> replies) {
        return [handler = std::move(handler_), error = std::move(error), replies = std::move(replies)]() mutable {
            auto slot = asio::get_associated_cancellation_slot(handler);
            if (slot.is_connected()) slot.clear();
            std::move(handler)(std::move(error), std::move(replies));
        };
    }

    Handler handler_;
};

/// The caller gave up: its call ends now, and what still arrives for it is dropped.
struct Cancel {
    std::weak_ptr<Call> call;

    void operator()(asio::cancellation_type type) const {
        const auto asked = [&](asio::cancellation_type kind) {
            return (type & kind) != asio::cancellation_type::none;
        };
        if (!asked(asio::cancellation_type::terminal) && !asked(asio::cancellation_type::partial)) return;
        const auto present = call.lock();
        if (!present || !present->settle()) return;
        present->fail(std::make_exception_ptr(
            boost::system::system_error{asio::error::operation_aborted, "the call to Redis was cancelled"}));
    }
};

/// A call on a connection that is gone ends before it looks at the time.
template <class Impl>
SteadyTime deadline_of(std::chrono::milliseconds wait, const std::shared_ptr<Impl>& connection) {
    // Beyond this, adding overflows; nobody waits for a year.
    constexpr std::chrono::milliseconds endless = std::chrono::years{1};
    return wait >= endless || !connection ? SteadyTime::max() : connection->clock().steady() + wait;
}

template <class Impl>
std::chrono::milliseconds time_until(SteadyTime deadline, const std::shared_ptr<Impl>& connection) {
    if (deadline == SteadyTime::max() || !connection) return std::chrono::milliseconds::max();
    return std::chrono::ceil<std::chrono::milliseconds>(deadline - connection->clock().steady());
}

/// Sends `request` over `connection`, which the call does not keep alive.
template <class Impl>
asio::awaitable<std::vector<Reply>> send(std::weak_ptr<Impl> connection, Request request, Call::Answer answer,
                                         std::size_t expected, CallOptions options) {
    return asio::async_initiate<const asio::use_awaitable_t<>&, Signature>(
        [](auto handler, const std::weak_ptr<Impl>& weak, Request bytes, Call::Answer kind, std::size_t count,
           CallOptions wishes) {
            using Own = HandlerCall<decltype(handler)>;
            const auto slot = asio::get_associated_cancellation_slot(handler);
            const auto impl = weak.lock();
            auto call = std::make_shared<Own>(std::move(handler), std::move(bytes), kind, count, wishes.resend,
                                              deadline_of(wishes.deadline, impl));
            if (auto to = slot; to.is_connected()) to.template emplace<Cancel>(Cancel{call});
            if (impl && count > 0) return impl->submit(std::move(call));
            if (!call->settle()) return;
            if (count == 0) return call->fail(nullptr);
            call->fail(std::make_exception_ptr(Error{Errc::stopped, "the connection was destroyed"}));
        },
        asio::use_awaitable, std::move(connection), std::move(request), answer, expected, options);
}

/// A server that takes no writes is no longer the one that was meant: the next connection resolves the address
/// anew.
template <class Impl>
void leave_a_replica(const Reply& reply, const std::weak_ptr<Impl>& connection) {
    if (!reply.is_error() || reply.error().code != "READONLY") return;
    if (const auto impl = connection.lock()) impl->restart();
}

Reply value_of(Reply reply) {
    if (!reply.is_error()) return reply;
    throw Error{Errc::server_error, reply.error().message, reply.error().code};
}

Request script_request(std::string_view command, std::string_view script, const std::vector<std::string>& keys,
                       const std::vector<std::string>& arguments) {
    Request request;
    request.begin(3 + keys.size() + arguments.size());
    request.arg(command).arg(script).arg(static_cast<std::int64_t>(keys.size()));
    for (const auto& key : keys) request.arg(key);
    for (const auto& argument : arguments) request.arg(argument);
    return request;
}

template <class Impl>
asio::awaitable<Reply> run_script(std::weak_ptr<Impl> connection, const Script* script,
                                  std::vector<std::string> keys, std::vector<std::string> arguments,
                                  CallOptions options) {
    const auto deadline = deadline_of(options.deadline, connection.lock());
    auto request = script_request("EVALSHA", script->digest(), keys, arguments);
    const auto commands = request.commands();
    auto replies = co_await send(connection, std::move(request), Call::Answer::replies, commands, options);
    if (replies.back().is_error() && replies.back().error().code == "NOSCRIPT") {
        request = script_request("EVAL", script->source(), keys, arguments);
        options.deadline = time_until(deadline, connection.lock());
        replies = co_await send(connection, std::move(request), Call::Answer::replies, commands, options);
    }
    leave_a_replica(replies.back(), connection);
    co_return value_of(std::move(replies.back()));
}

/// Any of the four commands; each is answered by one confirmation for each name, or by one error for all.
template <class Impl>
asio::awaitable<void> change_subscriptions(std::weak_ptr<Impl> connection, std::string command,
                                           std::vector<std::string> names, CallOptions options) {
    if (names.empty()) co_return;
    Request request;
    request.begin(1 + names.size()).arg(command);
    for (const auto& name : names) request.arg(name);
    options.resend = true;
    auto replies =
        co_await send(connection, std::move(request), Call::Answer::confirmations, names.size(), options);
    if (!replies.empty()) value_of(std::move(replies.front()));
}

template <class Impl>
asio::awaitable<void> subscribe_to(std::weak_ptr<Impl> connection, typename Impl::Kind kind,
                                   std::vector<std::string> names, CallOptions options) {
    if (const auto impl = connection.lock()) impl->remember(kind, names);
    const auto* command = kind == Impl::Kind::channels ? "SUBSCRIBE" : "PSUBSCRIBE";
    try {
        co_await change_subscriptions(connection, command, names, options);
    } catch (const Error& error) {
        const auto impl = connection.lock();
        if (impl && error.kind() == Errc::server_error) impl->forget(kind, names);
        throw;
    }
}

template <class Impl>
asio::awaitable<void> unsubscribe_from(std::weak_ptr<Impl> connection, typename Impl::Kind kind,
                                       std::vector<std::string> names, CallOptions options) {
    if (const auto impl = connection.lock()) impl->forget(kind, names);
    const auto* command = kind == Impl::Kind::channels ? "UNSUBSCRIBE" : "PUNSUBSCRIBE";
    co_await change_subscriptions(connection, command, std::move(names), options);
}

template <class Impl>
asio::awaitable<Reply> one_command(std::weak_ptr<Impl> connection, Request request, CallOptions options) {
    const auto commands = request.commands();
    if (commands != 1) throw Error{Errc::bad_configuration, "command() takes a request of exactly one command"};
    auto replies = co_await send(connection, std::move(request), Call::Answer::replies, commands, options);
    leave_a_replica(replies.front(), connection);
    co_return value_of(std::move(replies.front()));
}

}  // namespace

Connection::Connection(asio::any_io_executor executor, ConnectionOptions options) {
    options = with_url_options(std::move(options));
    check(options);
    impl_ = std::make_shared<Impl>(std::move(executor), std::move(options));
    impl_->start();
}

Connection::~Connection() {
    if (impl_) impl_->stop();
}

Connection::Connection(Connection&&) noexcept = default;

Connection& Connection::operator=(Connection&& other) noexcept {
    if (this != &other && impl_) impl_->stop();
    impl_ = std::move(other.impl_);
    return *this;
}

asio::awaitable<std::vector<Reply>> Connection::exec(Request request, CallOptions options) {
    const auto commands = request.commands();
    return send(std::weak_ptr{impl_}, std::move(request), Call::Answer::replies, commands, options);
}

asio::awaitable<Reply> Connection::command(Request request, CallOptions options) {
    return one_command(std::weak_ptr{impl_}, std::move(request), options);
}

asio::awaitable<Reply> Connection::run(const Script& script, std::vector<std::string> keys,
                                       std::vector<std::string> arguments, CallOptions options) {
    return run_script(std::weak_ptr{impl_}, &script, std::move(keys), std::move(arguments), options);
}

asio::awaitable<void> Connection::subscribe(std::vector<std::string> channels, CallOptions options) {
    return subscribe_to(std::weak_ptr{impl_}, Impl::Kind::channels, std::move(channels), options);
}

asio::awaitable<void> Connection::psubscribe(std::vector<std::string> patterns, CallOptions options) {
    return subscribe_to(std::weak_ptr{impl_}, Impl::Kind::patterns, std::move(patterns), options);
}

asio::awaitable<void> Connection::unsubscribe(std::vector<std::string> channels, CallOptions options) {
    return unsubscribe_from(std::weak_ptr{impl_}, Impl::Kind::channels, std::move(channels), options);
}

asio::awaitable<void> Connection::punsubscribe(std::vector<std::string> patterns, CallOptions options) {
    return unsubscribe_from(std::weak_ptr{impl_}, Impl::Kind::patterns, std::move(patterns), options);
}

void Connection::on_push(std::function<void(const Reply&)> handler) {
    impl_->set_push_handler(std::move(handler));
}
void Connection::on_state(std::function<void(bool)> handler) { impl_->set_state_handler(std::move(handler)); }
bool Connection::connected() const { return impl_->connected(); }
bool Connection::tracking() const { return impl_->tracking(); }
bool Connection::resp3() const { return impl_->resp3(); }
std::string Connection::run_id() const { return impl_->run_id(); }
void Connection::restart() { impl_->restart(); }
void Connection::stop() { impl_->stop(); }

}  // namespace samovar::redis
