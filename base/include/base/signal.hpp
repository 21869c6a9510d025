// A flag that coroutines wait for.
#pragma once

#include <chrono>
#include <memory>

#include <boost/asio/awaitable.hpp>

namespace samovar {

/// For waits that only the signal ends.
inline constexpr std::chrono::milliseconds for_ever = std::chrono::hours{24 * 365};

/// Raised from anywhere, waited for by any number of coroutines, lowered by whoever is about to look for what it
/// announces. Raising it before anybody waits is not lost; whoever waits when it is raised wakes, even if it is
/// lowered again before they run.
///
/// Threads: any; each waiting coroutine's executor runs one thing at a time.
/// Lifetime: it belongs to no executor: it may go while coroutines wait, which then wait for their time alone, and
/// it may outlive the contexts of those who waited.
class Signal {
public:
    Signal();
    ~Signal();
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;

    void raise();
    void reset();
    /// Returns true when the flag is or becomes raised, false after `at_most`. The flag stays as it is.
    boost::asio::awaitable<bool> wait(std::chrono::milliseconds at_most);

private:
    class Impl;
    class Stay;
    static boost::asio::awaitable<bool> wait_at(std::shared_ptr<Impl> state, std::chrono::milliseconds at_most);

    std::shared_ptr<Impl> impl_;
};

}  // namespace samovar
