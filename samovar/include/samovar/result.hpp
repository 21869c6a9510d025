// The result of a task that was sent: look at it, wait for it, forget it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include <samovar/clock.hpp>
#include <samovar/detail/typed_value.hpp>
#include <samovar/error.hpp>
#include <samovar/value.hpp>

namespace samovar {

namespace task {
class AppImpl;
}

/// What is known about a task at one moment.
struct TaskResult {
    std::string id;
    /// PENDING (nothing is known), STARTED, RETRY, SUCCESS, FAILURE, REVOKED, or a state of the task's own.
    std::string state = "PENDING";
    /// SUCCESS: what the task returned. FAILURE, REVOKED, RETRY: the exception as Celery describes it.
    /// Else what the task reported.
    Value result = {};
    /// Empty when none was recorded.
    std::string traceback = {};
    std::optional<WallTime> date_done = std::nullopt;

    /// SUCCESS, FAILURE or REVOKED: nothing will change any more.
    bool ready() const;
    /// The exception behind FAILURE, REVOKED and RETRY; nullopt in other states.
    std::optional<TaskFailure> failure() const;
};

/// Handle to the result of one task, by its id. Copyable; any number may exist for one task.
///
/// Nothing polls: waiting subscribes to the task's channel, then looks once, then sleeps until the task ends or
/// the connection had to be made anew.
///
/// Errors: every call may throw StoreUnavailable. Threads: any; the blocking calls must not be made from a
/// coroutine that runs on an event loop, which has the async_ ones.
/// Lifetime: the App must outlive its handles.
class AsyncResult {
public:
    /// Of no task, to be assigned to: Asio needs one where a coroutine that returns a handle is spawned.
    AsyncResult() = default;
    AsyncResult(task::AppImpl& app, std::string id) : app_(&app), id_(std::move(id)) {}

    const std::string& id() const { return id_; }

    /// Waits until the task has ended and returns what it returned.
    /// Errors: TimeoutError after `timeout` (milliseconds::max(): never); TaskError when it failed or was revoked.
    Value get(std::chrono::milliseconds timeout) const;
    boost::asio::awaitable<Value> async_get(std::chrono::milliseconds timeout) const;
    /// The same, as a T. Errors: also ResultTypeError. Lifetime: the coroutine keeps a copy of the handle.
    template <class T>
    T get(std::chrono::milliseconds timeout) const {
        return detail::typed_result<T>(get(timeout));
    }
    template <class T>
    boost::asio::awaitable<T> async_get(std::chrono::milliseconds timeout) const {
        return typed<T>(*this, timeout);
    }

    /// Waits until the task has ended, however it ended. Errors: TimeoutError.
    TaskResult wait(std::chrono::milliseconds timeout) const;
    boost::asio::awaitable<TaskResult> async_wait(std::chrono::milliseconds timeout) const;

    /// What the store knows now, without waiting.
    TaskResult peek() const;
    boost::asio::awaitable<TaskResult> async_peek() const;
    std::string state() const { return peek().state; }

    /// Deletes the stored result; true when there was one.
    bool forget() const;
    boost::asio::awaitable<bool> async_forget() const;

private:
    template <class T>
    static boost::asio::awaitable<T> typed(AsyncResult result, std::chrono::milliseconds timeout) {
        co_return detail::typed_result<T>(co_await result.async_get(timeout));
    }

    task::AppImpl* app_ = nullptr;
    std::string id_;
};

}  // namespace samovar
