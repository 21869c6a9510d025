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

TEST_F(TaskGroupTest, JoiningAnEmptyGroupReturnsAtOnce) {
    join();
    EXPECT_TRUE(joined_);
    EXPECT_EQ(error(), "");
}

TEST_F(TaskGroupTest, JoinReturnsWhenEveryCoroutineHasEnded) {
    for (int i = 0; i < 5; ++i) group_.spawn(finish(&ended_));
    EXPECT_EQ(group_.size(), 5U);
    join();
    EXPECT_TRUE(joined_);
    EXPECT_EQ(ended_, 5);
    EXPECT_EQ(group_.size(), 0U);
}

TEST_F(TaskGroupTest, TheFirstExceptionCancelsTheOthersAndComesOutOfJoin) {
    group_.spawn(wait_for_cancellation(&ended_));
    group_.spawn(wait_for_cancellation(&ended_));
    group_.spawn(fail("first"));
    group_.spawn(fail("second"));
    join();
    EXPECT_EQ(error(), "first");
    EXPECT_EQ(ended_, 2);
}

TEST_F(TaskGroupTest, CancelEndsWhatWaitsAndIsNoError) {
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

TEST_F(TaskGroupTest, WhatIsSpawnedAfterCancelIsCancelledToo) {
    group_.cancel();
    group_.spawn(wait_for_cancellation(&ended_));
    join();
    EXPECT_TRUE(joined_);
    EXPECT_EQ(error(), "");
    EXPECT_EQ(group_.size(), 0U);
}

TEST_F(TaskGroupTest, WhatIsSpawnedWhileJoiningIsWaitedFor) {
    group_.spawn([](TaskGroup* group, int* ended) -> asio::awaitable<void> {
        co_await asio::post(asio::use_awaitable);
        group->spawn(finish(ended));
    }(&group_, &ended_));
    join();
    EXPECT_TRUE(joined_);
    EXPECT_EQ(ended_, 1);
}

TEST_F(TaskGroupTest, CancellingJoinCancelsTheGroupAndStillWaits) {
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

TEST_F(TaskGroupTest, AnAbortThatNobodyAskedForIsAnError) {
    group_.spawn([]() -> asio::awaitable<void> {
        asio::steady_timer timer{co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
        asio::post(timer.get_executor(), [&timer] { timer.cancel(); });
        co_await timer.async_wait(asio::use_awaitable);
    }());
    join();
    EXPECT_NE(error(), "");
}

TEST_F(TaskGroupTest, AGroupThatGoesCancelsWhatRuns) {
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
