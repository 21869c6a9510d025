// Takes back what dead workers held.
#pragma once

#include <chrono>

#include <boost/asio/awaitable.hpp>

#include <samovar/clock.hpp>

#include "base/signal.hpp"
#include "broker/broker.hpp"
#include "broker/reaper_gate.hpp"

namespace samovar::broker {

/// Any process may run one: a worker, a beat, a client that stays. Looks three times in a lease.
///
/// Threads: run() on the broker's executor; stop() from any. Lifetime: broker and clock outlive it.
class Reaper {
public:
    /// `lease`: how long the caller waits before it judges; workers with longer ones get as long.
    Reaper(Caretaker& broker, const Clock& clock, std::chrono::milliseconds lease);

    boost::asio::awaitable<void> run();
    void stop() { stopped_.raise(); }
    /// At its last look the store was one of a newer release, and not to be touched. On the broker's executor.
    bool beside_newer() const { return beside_newer_; }

private:
    boost::asio::awaitable<void> look();
    boost::asio::awaitable<Reaped> reap();
    boost::asio::awaitable<void> take_over();
    boost::asio::awaitable<void> report(std::vector<std::string> envelopes);

    Caretaker& broker_;
    const Clock& clock_;
    const std::chrono::milliseconds lease_;
    ReaperGate gate_;
    bool beside_newer_ = false;
    Signal stopped_;
};

}  // namespace samovar::broker
