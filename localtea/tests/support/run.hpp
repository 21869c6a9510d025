// Coroutines in a test's plain code.
#pragma once

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace localtea::testing {

/// Runs the coroutine on the context until it ends and returns its value or throws what it threw.
/// Errors: std::logic_error when the context runs out of work before that.
template <class T>
T run(boost::asio::io_context& context, boost::asio::awaitable<T> coroutine) {
    std::optional<T> result;
    std::exception_ptr failure;
    bool ended = false;
    boost::asio::co_spawn(context, std::move(coroutine), [&](std::exception_ptr error, T value) {
        failure = error;
        result.emplace(std::move(value));
        ended = true;
    });
    context.restart();
    while (!ended && context.run_one() > 0) {
    }
    if (!ended) throw std::logic_error("the coroutine waits for something that never happens");
    if (failure) std::rethrow_exception(failure);
    return *std::move(result);
}

inline void run(boost::asio::io_context& context, boost::asio::awaitable<void> coroutine) {
    const auto wrapped = [](boost::asio::awaitable<void> inner) -> boost::asio::awaitable<bool> {
        co_await std::move(inner);
        co_return true;
    };
    run(context, wrapped(std::move(coroutine)));
}

}  // namespace localtea::testing
