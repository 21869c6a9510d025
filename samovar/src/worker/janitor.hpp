// What has to be done now and then, by one worker of all.
#pragma once

#include <chrono>

#include <boost/asio/awaitable.hpp>

#include "base/signal.hpp"
#include "broker/broker.hpp"
#include "core/store_clock.hpp"

namespace samovar::worker {

struct JanitorOptions {
    std::chrono::milliseconds lease{10'000};
    std::chrono::hours dead_letter_life{0};
    std::chrono::seconds visibility_timeout{3'600};
};

/// Whoever promotes lets in what waits for places whose holders died, restores what Python workers left, and
/// expires dead letters.
///
/// Threads: run() on the broker's executor, where promotes() is called; stop() from any.
/// Lifetime: what it is given outlives it.
class Janitor {
public:
    Janitor(broker::Caretaker& broker, const StoreClock& clock, JanitorOptions options);

    boost::asio::awaitable<void> run();
    void stop() { stopped_.raise(); }
    /// What the last renewal said.
    void promotes(bool so) { promotes_ = so; }

private:
    boost::asio::awaitable<void> clean();

    broker::Caretaker& broker_;
    const StoreClock& clock_;
    const JanitorOptions options_;
    SteadyTime swept_{};
    bool promotes_ = false;
    Signal stopped_;
};

}  // namespace samovar::worker
