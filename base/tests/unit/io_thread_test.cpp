#include "base/io_thread.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>
#include <boost/asio/post.hpp>

#include "base/signal.hpp"
#include "base/task_group.hpp"

namespace samovar {
namespace {

namespace asio = boost::asio;

asio::awaitable<std::thread::id> present_thread() { co_return std::this_thread::get_id(); }

TEST(IoThreadTest, run_returns_what_the_work_returns) {
    IoThread thread;
    EXPECT_NE(thread.run(present_thread()), std::this_thread::get_id());
}

TEST(IoThreadTest, run_throws_what_the_work_throws) {
    IoThread thread;
    const auto fail = []() -> asio::awaitable<void> {
        throw std::runtime_error("no");
        co_return;
    };
    EXPECT_THROW(thread.run(fail()), std::runtime_error);
}

TEST(IoThreadTest, run_on_its_own_thread_is_refused) {
    IoThread thread;
    const auto nested = [](IoThread* own) -> asio::awaitable<void> {
        own->run(present_thread());
        co_return;
    };
    EXPECT_THROW(thread.run(nested(&thread)), std::logic_error);
}

TEST(IoThreadTest, what_is_owned_is_destroyed_on_the_loop_before_its_owner_goes_on) {
    struct Object {
        std::thread::id* destroyed_on;
        ~Object() { *destroyed_on = std::this_thread::get_id(); }
    };
    std::thread::id destroyed_on;
    IoThread thread;
    const auto own = thread.run(present_thread());
    auto object = thread.own(std::make_unique<Object>(&destroyed_on));
    object.reset();
    EXPECT_EQ(destroyed_on, own);
}

TEST(IoThreadTest, what_is_owned_may_be_dropped_on_the_loop) {
    IoThread thread;
    auto object = thread.own(std::make_unique<int>(1));
    thread.run([](IoThread::Owned<int>* dropped) -> asio::awaitable<void> {
        dropped->reset();
        co_return;
    }(&object));
    EXPECT_FALSE(object);
}

// An object whose last work ends on the loop as its owner drops it: what a result store does with its
// subscription.
TEST(IoThreadTest, an_object_may_be_dropped_while_its_coroutines_end) {
    struct Object {
        explicit Object(asio::any_io_executor executor) : work(std::move(executor)) {}
        TaskGroup work;
        std::shared_ptr<Signal> done = std::make_shared<Signal>();
    };
    const auto wait = [](std::shared_ptr<Signal> done) -> asio::awaitable<void> { co_await done->wait(for_ever); };
    IoThread thread;
    for (int round = 0; round < 500; ++round) {
        auto object = thread.own(std::make_unique<Object>(thread.executor()));
        asio::post(thread.executor(), [&, raw = object.get()] {
            for (int i = 0; i < 8; ++i) raw->work.spawn(wait(raw->done));
        });
        object->done->raise();
    }
}

}  // namespace
}  // namespace samovar
