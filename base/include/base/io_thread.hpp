// One thread with an event loop, and a way for other threads to wait for what runs on it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace samovar {

/// What lives on the loop is declared after it, as Owned, so that all of it ends in this order: each object is
/// destroyed on the loop, where nothing of its own runs at that moment; what it left under way runs to its end
/// there; the thread ends; the loop goes.
///
/// Threads: any, but for the destructor, which the loop's own thread must not call.
class IoThread {
    struct Destroy;

public:
    IoThread();
    /// Runs what is left to its end.
    ~IoThread();
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

    boost::asio::any_io_executor executor() const;

    /// Starts `work` on the loop and blocks until it has ended; throws what it threw. `work` may refer to the
    /// caller's variables, which outlive it.
    /// Errors: std::logic_error on the loop's own thread, which would wait for itself.
    void run(boost::asio::awaitable<void> work);
    /// The same for work that returns something.
    template <class T>
    T run(boost::asio::awaitable<T> work) {
        std::optional<T> result;
        run(keep(std::move(work), &result));
        return std::move(*result);
    }

    /// An object with connections, timers or coroutines on the loop. Whoever drops it waits until the loop has
    /// destroyed it: on any other thread the loop could be in the middle of it.
    /// Lifetime: the IoThread outlives it.
    template <class T>
    using Owned = std::unique_ptr<T, Destroy>;
    template <class T>
    Owned<T> own(std::unique_ptr<T> object);

private:
    struct Destroy {
        IoThread* thread = nullptr;
        template <class T>
        void operator()(T* object) const {
            thread->call([object] { delete object; });
        }
    };

    template <class T>
    static boost::asio::awaitable<void> keep(boost::asio::awaitable<T> work, std::optional<T>* result) {
        result->emplace(co_await std::move(work));
    }

    /// Returns when the loop has done `work`, which throws nothing.
    void call(std::function<void()> work);

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

template <class T>
IoThread::Owned<T> IoThread::own(std::unique_ptr<T> object) {
    return {object.release(), Destroy{this}};
}

}  // namespace samovar
