// From one event loop to another and back.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace samovar {

/// Runs `work` on another executor and resumes the caller on its own; throws what it threw.
///
/// `co_await co_spawn(executor, work, use_awaitable)` does not do where the caller's context is a user's: the
/// other thread wakes that context and gives its work back after the caller may have resumed, and then the context
/// may be gone. Here the other thread has let go of it before the caller goes on.
boost::asio::awaitable<void> run_on(boost::asio::any_io_executor executor, boost::asio::awaitable<void> work);

namespace detail {

template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> work, std::shared_ptr<std::optional<T>> value) {
    value->emplace(co_await std::move(work));
}

}  // namespace detail

template <class T>
boost::asio::awaitable<T> run_on(boost::asio::any_io_executor executor, boost::asio::awaitable<T> work) {
    const auto value = std::make_shared<std::optional<T>>();
    co_await run_on(std::move(executor), detail::keep(std::move(work), value));
    co_return std::move(**value);
}

}  // namespace samovar
