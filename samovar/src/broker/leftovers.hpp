// What killed workers left, for a process that stays and is no worker itself.
#pragma once

#include <chrono>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "base/roles.hpp"
#include "base/signal.hpp"
#include "broker/broker.hpp"
#include "broker/reaper.hpp"

namespace samovar::broker {

/// Puts back what dead workers held, and moves what is delayed and overdue while nobody promotes.
///
/// Threads: those of the broker's executor; stop() from any. Lifetime: what it is given outlives it; it outlives
/// its roles.
class Leftovers {
public:
    Leftovers(Broker& broker, const Clock& clock, std::chrono::milliseconds lease)
        : broker_(broker), clock_(clock), lease_(lease), reaper_(broker, clock, lease) {}

    void start(Roles& roles, const boost::asio::any_io_executor& executor);
    void stop();

private:
    boost::asio::awaitable<void> move_overdue();
    boost::asio::awaitable<std::chrono::milliseconds> move();

    Broker& broker_;
    const Clock& clock_;
    const std::chrono::milliseconds lease_;
    Reaper reaper_;
    Signal stopped_;
};

}  // namespace samovar::broker
