// Points at which a test holds a coroutine.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace localtea::testing {

/// Closed until open() is called. For one thread.
class Gate {
public:
    explicit Gate(boost::asio::io_context& context)
        : timer_(context, boost::asio::steady_timer::time_point::max()) {}

    boost::asio::awaitable<void> wait() {
        waited_ = true;
        boost::system::error_code opened;
        if (!open_) co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, opened));
    }
    void open() {
        open_ = true;
        timer_.cancel();
    }
    bool has_waiter() const { return waited_; }

private:
    boost::asio::steady_timer timer_;
    bool open_ = false;
    bool waited_ = false;
};

/// Cancels the coroutine after it has been started and gone to sleep.
inline boost::asio::awaitable<void> cancel_soon(boost::asio::awaitable<void> coroutine) {
    using namespace boost::asio::experimental::awaitable_operators;
    const auto yield = []() -> boost::asio::awaitable<void> {
        for (int turn = 0; turn < 10; ++turn)
            co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
    };
    co_await (std::move(coroutine) || yield());
}

}  // namespace localtea::testing
