// The three strategies as values: a counter's window, which moves with the times it is given. No clock, no I/O.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <variant>

#include <samovar/clock.hpp>

#include "limit/check.hpp"

namespace samovar::limits {

// Each of them answers as the script of the same name does:
//   admits(counter, cost)  whether that much fits in now
//   count(counter)         counts the counter's cost; false: refused
//   window(counter)        for whoever asks
//   end()                  from then on it is as good as never used
//   size()                 entries that it keeps
// Requires: advance(counter, now) with the present time before the others.

class FixedWindow {
public:
    void advance(const Counter& counter, SteadyTime now);
    bool admits(const Counter& counter, std::int64_t cost) const { return count_ + cost <= counter.amount; }
    bool count(const Counter& counter);
    Window window(const Counter& counter) const;
    SteadyTime end() const { return end_; }
    std::size_t size() const { return 1; }

private:
    SteadyTime now_;
    SteadyTime end_;
    std::int64_t count_ = 0;
};

class MovingWindow {
public:
    void advance(const Counter& counter, SteadyTime now);
    bool admits(const Counter& counter, std::int64_t cost) const { return count_ + cost <= counter.amount; }
    bool count(const Counter& counter);
    Window window(const Counter& counter) const;
    SteadyTime end() const { return end_; }
    std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        SteadyTime at;
        std::int64_t cost;
    };
    SteadyTime now_;
    SteadyTime end_;
    /// Those within the window, the oldest first.
    std::deque<Entry> entries_;
    std::int64_t count_ = 0;
};

class SlidingWindowCounter {
public:
    void advance(const Counter& counter, SteadyTime now);
    bool admits(const Counter& counter, std::int64_t cost) const;
    bool count(const Counter& counter);
    Window window(const Counter& counter) const;
    SteadyTime end() const { return current_.end; }
    std::size_t size() const { return 1; }

private:
    struct Part {
        std::int64_t count = 0;
        /// Its last moment; the earliest of all times when there is no such window.
        SteadyTime end = SteadyTime::min();
    };
    /// What both windows count for now, rounded down.
    std::int64_t weighted(const Counter& counter) const;

    SteadyTime now_;
    Part previous_;
    Part current_;
};

using CountedWindow = std::variant<FixedWindow, MovingWindow, SlidingWindowCounter>;

CountedWindow make_window(Strategy strategy);

}  // namespace samovar::limits
