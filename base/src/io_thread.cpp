#include "base/io_thread.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace samovar {
namespace {

/// Where the calling thread sleeps. Ended under the lock, so that the sleeper cannot take it down too early.
class Ending {
public:
    void set(std::exception_ptr error) {
        const std::lock_guard lock{mutex_};
        error_ = std::move(error);
        ended_ = true;
        changed_.notify_one();
    }

    void wait() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return ended_; });
        if (error_) std::rethrow_exception(error_);
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::exception_ptr error_;
    bool ended_ = false;
};

}  // namespace

struct IoThread::Impl {
    boost::asio::io_context loop{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{loop.get_executor()};
    std::thread thread{[this] { loop.run(); }};

    bool here() const { return std::this_thread::get_id() == thread.get_id(); }
};

IoThread::IoThread() : impl_(std::make_unique<Impl>()) {}

IoThread::~IoThread() {
    impl_->work.reset();
    impl_->thread.join();
}

boost::asio::any_io_executor IoThread::executor() const { return impl_->loop.get_executor(); }

void IoThread::run(boost::asio::awaitable<void> work) {
    if (impl_->here()) throw std::logic_error("a blocking call on the thread that would have to serve it");
    Ending ending;
    boost::asio::co_spawn(impl_->loop, std::move(work),
                          [&](std::exception_ptr error) { ending.set(std::move(error)); });
    ending.wait();
}

void IoThread::call(std::function<void()> work) {
    if (impl_->here()) return work();
    Ending ending;
    boost::asio::post(impl_->loop, [&] {
        work();
        ending.set(nullptr);
    });
    ending.wait();
}

}  // namespace samovar
