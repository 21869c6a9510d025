// Several coroutines at once, joined.
#pragma once

#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include "support/gate.hpp"

namespace localtea::testing {

/// Starts all, in order, and returns when all have ended. Errors: the first that one of them threw.
inline boost::asio::awaitable<void> concurrently(boost::asio::io_context& context,
                                                 std::vector<boost::asio::awaitable<void>> coroutines) {
    std::size_t running = coroutines.size();
    std::exception_ptr failure;
    Gate done{context};
    for (auto& coroutine : coroutines)
        boost::asio::co_spawn(context, std::move(coroutine), [&](std::exception_ptr error) {
            if (error && !failure) failure = error;
            if (--running == 0) done.open();
        });
    if (running > 0) co_await done.wait();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace localtea::testing
