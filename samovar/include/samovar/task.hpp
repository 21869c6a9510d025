// A registered task, ready to be sent; and a call of a task as a value.
#pragma once

#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include <samovar/convert.hpp>
#include <samovar/options.hpp>
#include <samovar/result.hpp>
#include <samovar/value.hpp>

namespace samovar {

class App;

/// A task with its arguments: everything needed to send it, now or later. Celery's word.
struct Signature {
    std::string task;
    Array args = {};
    Object kwargs = {};
    CallOptions options = {};
};

/// Publishes. The same as App::send.
AsyncResult send(App& app, Signature call);
boost::asio::awaitable<AsyncResult> async_send(App& app, Signature call);

/// A task whose arguments are the members of `Args`. What App::task returns; copyable.
///
/// Arguments travel by name (Celery's kwargs), so that a Python worker and a later version of the struct with
/// more members understand them.
///
/// Errors of sending: StoreUnavailable, PublishUncertain, MessageTooLarge, ConfigurationError (countdown together
/// with eta, a priority outside 0..9, `once` without an id).
/// Threads: any; delay() and apply() block for one round trip and must not be called from a coroutine that runs on
/// an event loop, which has the async_ ones: the same call on the same path.
/// Lifetime: the App must outlive it.
template <class Args>
class Task {
public:
    Task(App& app, std::string name) : app_(&app), name_(std::move(name)) {}

    const std::string& name() const { return name_; }

    /// Returns when the message is in the store.
    AsyncResult delay(const Args& args) const { return apply(args, {}); }
    boost::asio::awaitable<AsyncResult> async_delay(const Args& args) const { return async_apply(args, {}); }

    AsyncResult apply(const Args& args, CallOptions options) const {
        return send(*app_, signature(args, std::move(options)));
    }
    boost::asio::awaitable<AsyncResult> async_apply(const Args& args, CallOptions options) const {
        return async_send(*app_, signature(args, std::move(options)));
    }

    Signature signature(const Args& args, CallOptions options = {}) const {
        auto value = convert::to_value(args);
        return {name_, {}, std::move(*value.if_object()), std::move(options)};
    }

private:
    App* app_;
    std::string name_;
};

}  // namespace samovar
