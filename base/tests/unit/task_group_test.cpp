#include "base/task_group.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace samovar {
namespace {

namespace asio = boost::asio;

/// Waits for ever; counts its end, however it comes.
asio::awaitable<void> wait_for_cancellation(int* ended) {
    struct Count {
        int* ended;
        ~Count() { ++*ended; }
    } count{ended};
    asio::steady_timer timer{co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> finish(int* ended) {
    co_await asio::post(asio::use_awaitable);
    ++*ended;
}

asio::awaitable<void> fail(const char* what) {
    co_await asio::post(asio::use_awaitable);
    throw std::runtime_error(what);
}

class TaskGroupTest : public ::testing::Test {
protected:
    /// Runs join() to its end.
    void join() {
        asio::co_spawn(context_, group_.join(), [this](std::exception_ptr error) {
            joined_ = true;
            error_ = error;
        });
        run();
    }

    void run() {
        context_.restart();
        context_.run();
    }

    std::string error() const {
        try {
            if (error_) std::rethrow_exception(error_);
            return "";
        } catch (const std::exception& e) {
            return e.what();
        }
    }

    asio::io_context context_;
    TaskGroup group_{context_.get_executor()};
    int ended_ = 0;
    bool joined_ = false;
    std::exception_ptr error_;
};

TEST_F(TaskGroupTest, joining_an_empty_group_returns_at_once) {
    join();
    EXPECT_TRUE(joined_);
    EXPECT_EQ(error(), "");
}

TEST_F(TaskGroupTest, join_returns_when_every_coroutine_has_ended) {
    for (int i = 0; i < 5; ++i) group_.spawn(finish(&ended_));
    EXPECT_EQ(group_.size(), 5U);
    join();
    EXPECT_TRUE(joined_);
    EXPECT_EQ(ended_, 5);
    EXPECT_EQ(group_.size(), 0U);
}

TEST_F(TaskGroupTest, the_first_exception_cancels_the_others_and_comes_out_of_join) {
    group_.spawn(wait_for_cancellation(&ended_));
    group_.spawn(wait_for_cancellation(&ended_));
    group_.spawn(fail("first"));
    group_.spawn(fail("second"));
    join();
    EXPECT_EQ(error(), "first");
    EXPECT_EQ(ended_, 2);
}

TEST_F(TaskGroupTest, cancel_ends_what_waits_and_is_no_error) {
    group_.spawn(wait_for_cancellation(&ended_));
    group_.spawn(wait_for_cancellation(&ended_));
    asio::post(context_, [this] {
        group_.cancel();
        group_.cancel();
    });
    join();
    EXPECT_TRUE(joined_);
    EXPECT_EQ(error(), "");
    EXPECT_EQ(ended_, 2);
    EXPECT_TRUE(group_.cancelled());
}

TEST_F(TaskGroupTest, what_is_spawned_after_cancel_is_cancelled_too) {
    group_.cancel();
    group_.spawn(wait_for_cancellation(&ended_));
    join();
    EXPECT_TRUE(joined_);
    EXPECT_EQ(error(), "");
    EXPECT_EQ(group_.size(), 0U);
}

TEST_F(TaskGroupTest, what_is_spawned_while_joining_is_waited_for) {
    group_.spawn([](TaskGroup* group, int* ended) -> asio::awaitable<void> {
        co_await asio::post(asio::use_awaitable);
        group->spawn(finish(ended));
    }(&group_, &ended_));
    join();
    EXPECT_TRUE(joined_);
    EXPECT_EQ(ended_, 1);
}

TEST_F(TaskGroupTest, cancelling_join_cancels_the_group_and_still_waits) {
    group_.spawn(wait_for_cancellation(&ended_));
    asio::cancellation_signal signal;
    asio::co_spawn(context_, group_.join(),
                   asio::bind_cancellation_slot(signal.slot(), [this](std::exception_ptr error) {
                       joined_ = true;
                       error_ = error;
                       EXPECT_EQ(ended_, 1);
                   }));
    asio::post(context_, [&] { signal.emit(asio::cancellation_type::terminal); });
    run();
    EXPECT_TRUE(joined_);
    EXPECT_EQ(error(), "");
}

TEST_F(TaskGroupTest, an_abort_that_nobody_asked_for_is_an_error) {
    group_.spawn([]() -> asio::awaitable<void> {
        asio::steady_timer timer{co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
        asio::post(timer.get_executor(), [&timer] { timer.cancel(); });
        co_await timer.async_wait(asio::use_awaitable);
    }());
    join();
    EXPECT_NE(error(), "");
}

TEST_F(TaskGroupTest, a_group_that_goes_cancels_what_runs) {
    {
        TaskGroup group{context_.get_executor()};
        group.spawn(wait_for_cancellation(&ended_));
        context_.poll();
        EXPECT_EQ(ended_, 0);
    }
    run();
    EXPECT_EQ(ended_, 1);
}

}  // namespace
}  // namespace samovar
