// One thread with an event loop, and a way for other threads to wait for what runs on it.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace samovar {

class IoThread {
public:
    IoThread();
    /// Runs what is left to its end, so its owners have to have stopped it.
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

private:
    template <class T>
    static boost::asio::awaitable<void> keep(boost::asio::awaitable<T> work, std::optional<T>* result) {
        result->emplace(co_await std::move(work));
    }

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace samovar
