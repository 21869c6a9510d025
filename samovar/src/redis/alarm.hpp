// A timer without Asio's headers.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <samovar/clock.hpp>

namespace samovar::redis {

namespace asio = boost::asio;

/// Does one thing at one time of a clock: a second at() or wait() replaces the first.
///
/// Threads: only on its executor, which must run one handler at a time.
/// Lifetime: cancel() before destroying it, unless its executor no longer runs anything. The clock outlives it.
class Alarm {
public:
    Alarm(const asio::any_io_executor& executor, const Clock& clock);
    ~Alarm();
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    /// Calls `action` at that time; never after cancel().
    void at(SteadyTime when, std::function<void()> action);
    /// Returns at that time, or soon after cancel().
    asio::awaitable<void> wait(SteadyTime when);
    void cancel();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace samovar::redis
