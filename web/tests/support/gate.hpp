// Holds handlers until a test opens it, and tells the test when they are there.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace web_tests {

class Gate {
public:
    boost::asio::awaitable<void> pass() {
        auto timer = std::make_shared<boost::asio::steady_timer>(co_await boost::asio::this_coro::executor,
                                                                 boost::asio::steady_timer::time_point::max());
        if (enter(timer)) co_await timer->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }

    /// Returns once `count` handlers have arrived in all.
    void wait_for(std::size_t count) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return arrived_ >= count; });
    }

    void open() {
        const std::lock_guard lock{mutex_};
        open_ = true;
        for (const auto& waiting : waiting_) {
            const auto timer = waiting.lock();
            if (timer) boost::asio::post(timer->get_executor(), [timer] { timer->cancel(); });
        }
        waiting_.clear();
    }

private:
    bool enter(const std::shared_ptr<boost::asio::steady_timer>& timer) {
        const std::lock_guard lock{mutex_};
        ++arrived_;
        changed_.notify_all();
        if (!open_) waiting_.push_back(timer);
        return !open_;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    /// Each belongs to its handler: a server that is cut takes them along.
    std::vector<std::weak_ptr<boost::asio::steady_timer>> waiting_;
    std::size_t arrived_ = 0;
    bool open_ = false;
};

}  // namespace web_tests
