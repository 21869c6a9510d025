// Which beat leads: a lease in Redis, renewed by its holder and awaited by the others.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/signal.hpp"
#include "beat/store.hpp"
#include "core/store_clock.hpp"

namespace samovar::beat {

/// Threads: the executor's. Lifetime: store and clock outlive it.
class Leadership {
public:
    Leadership(Store& store, StoreClock& clock, std::chrono::milliseconds lease);

    /// Called after each answer of the store.
    std::function<void()> on_answer = [] {};
    /// Called when the store turns out not to know any more what it was told.
    std::function<void()> on_loss = [] {};
    /// Called when the store refuses its first try to lead for good, with its reason; run() has ended then.
    std::function<void(const std::string&)> on_refused = [](const std::string&) {};

    /// Claims and renews until stop().
    asio::awaitable<void> run();
    void stop();
    /// Gives the place up, after run() has ended.
    asio::awaitable<void> resign();

    /// By our own clock the lease has not ended. Redis has the last word: it knows the token.
    bool leads() const;
    const std::string& token() const { return token_; }
    /// Since then some beat has been running.
    WallTime watched_since() const { return watched_since_; }
    /// How many entries the store had at its last answer.
    std::int64_t entries() const { return entries_; }

    /// Redis said that another leads, or nobody.
    void lost();
    /// The place may be free, or clocks have to be compared.
    void look_again() { retry_.raise(); }

private:
    asio::awaitable<std::chrono::milliseconds> lead();
    std::chrono::milliseconds take_over(Lead lead);
    void look_for_a_loss(const Lead& lead);
    void look_at_its_clock(WallTime store_time);

    Store& store_;
    StoreClock& clock_;
    const std::chrono::milliseconds lease_;
    const std::string incarnation_;
    Signal retry_;
    std::string token_;
    /// A script did not know the token; whoever leads is asked for now.
    bool doubted_ = false;
    SteadyTime answered_{};
    WallTime watched_since_{};
    std::int64_t entries_ = 0;
    std::int64_t known_term_ = 0;
    /// The latest time that the store has told.
    WallTime latest_{};
    /// When it was last said that its clock is behind that.
    std::optional<SteadyTime> told_behind_;
    bool stopping_ = false;
    bool ever_answered_ = false;
};

}  // namespace samovar::beat
