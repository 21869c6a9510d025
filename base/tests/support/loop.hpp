// An event loop for a test that runs coroutines to their end.
#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace samovar::testing {

/// Threads: one. What else lives on the loop runs only while run() or until() does.
class Loop {
public:
    boost::asio::any_io_executor executor() { return io_.get_executor(); }

    /// Runs the coroutine and returns its result. Errors: what it throws; std::runtime_error after `limit`, so
    /// that what hangs fails.
    template <class T>
    T run(boost::asio::awaitable<T> coroutine, std::chrono::seconds limit = std::chrono::seconds{120}) {
        std::exception_ptr error;
        bool done = false;
        std::conditional_t<std::is_void_v<T>, int, std::optional<T>> result{};
        if constexpr (std::is_void_v<T>) {
            boost::asio::co_spawn(io_, std::move(coroutine),
                                  [&](std::exception_ptr e) { error = e, done = true; });
        } else {
            boost::asio::co_spawn(io_, std::move(coroutine), [&](std::exception_ptr e, T value) {
                error = e, done = true;
                if (!e) result = std::move(value);
            });
        }
        until([&] { return done; }, limit);
        if (error) std::rethrow_exception(error);
        if constexpr (!std::is_void_v<T>) return std::move(*result);
    }

    /// Runs whatever is on the loop until the condition holds, looking at it after each handler.
    template <class Condition>
    void until(Condition condition, std::chrono::seconds limit = std::chrono::seconds{120}) {
        const auto end = std::chrono::steady_clock::now() + limit;
        while (!condition()) {
            io_.restart();
            io_.run_one_for(std::chrono::milliseconds{50});
            if (std::chrono::steady_clock::now() > end)
                throw std::runtime_error{"the test's loop waited too long"};
        }
    }

    /// Runs what is left to its end. Requires: what keeps the loop busy was stopped.
    void run_out(std::chrono::seconds limit = std::chrono::seconds{120}) {
        io_.restart();
        io_.run_for(limit);
        if (!io_.stopped()) throw std::runtime_error{"something on the test's loop does not end"};
    }

private:
    boost::asio::io_context io_;
};

}  // namespace samovar::testing
