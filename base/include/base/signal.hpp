// A flag that coroutines wait for.
#pragma once

#include <chrono>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace samovar {

/// For waits that only the signal ends.
inline constexpr std::chrono::milliseconds for_ever = std::chrono::hours{24 * 365};

/// Raised from anywhere, waited for by coroutines of one executor, lowered by whoever is about to look for what it
/// announces. Raising it before anybody waits is not lost.
///
/// Threads: raise() from any thread; wait() and reset() on the executor, which runs on one thread at a time.
class Signal {
public:
    explicit Signal(const boost::asio::any_io_executor& executor);
    ~Signal();
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;

    void raise();
    void reset();
    /// Returns true when the flag is or becomes raised, false after `at_most`. The flag stays as it is.
    boost::asio::awaitable<bool> wait(std::chrono::milliseconds at_most);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace samovar
