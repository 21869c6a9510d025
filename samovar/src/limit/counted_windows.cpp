#include "limit/counted_windows.hpp"

#include <algorithm>
#include <limits>

namespace samovar::limits {
namespace {

std::chrono::microseconds until(SteadyTime end, SteadyTime now) {
    return std::chrono::ceil<std::chrono::microseconds>(std::max(end - now, SteadyTime::duration::zero()));
}

}  // namespace

void FixedWindow::advance(const Counter&, SteadyTime now) {
    now_ = now;
    if (now > end_) *this = {}, now_ = now;
}

bool FixedWindow::count(const Counter& counter) {
    if (count_ == 0) end_ = now_ + counter.window;
    count_ += counter.cost;
    return count_ <= counter.amount;
}

Window FixedWindow::window(const Counter& counter) const {
    return {.remaining = std::max<std::int64_t>(0, counter.amount - count_), .reset_in = until(end_, now_)};
}

void MovingWindow::advance(const Counter& counter, SteadyTime now) {
    now_ = now;
    while (!entries_.empty() && entries_.front().at < now - counter.window) {
        count_ -= entries_.front().cost;
        entries_.pop_front();
    }
}

bool MovingWindow::count(const Counter& counter) {
    if (!admits(counter, counter.cost)) return false;
    entries_.push_back({now_, counter.cost});
    count_ += counter.cost;
    end_ = now_ + counter.window;
    return true;
}

Window MovingWindow::window(const Counter& counter) const {
    const auto oldest = entries_.empty() ? now_ : entries_.front().at;
    return {.remaining = counter.amount - count_, .reset_in = until(oldest + counter.window, now_)};
}

void SlidingWindowCounter::advance(const Counter& counter, SteadyTime now) {
    now_ = now;
    // The current window lives for two lengths: one in which it counts, one as the previous window.
    if (now > previous_.end) previous_ = {};
    if (now > current_.end) current_ = {};
    if (current_.end > now && current_.end - now < counter.window) {
        previous_ = current_;
        current_ = {.count = 0, .end = previous_.end + counter.window};
    }
}

std::int64_t SlidingWindowCounter::weighted(const Counter& counter) const {
    const auto milliseconds = [](auto duration) {
        return static_cast<double>(std::chrono::ceil<std::chrono::milliseconds>(duration).count());
    };
    const auto left = previous_.count > 0 ? previous_.end - now_ : SteadyTime::duration::zero();
    const auto share = static_cast<double>(previous_.count) * milliseconds(left) / milliseconds(counter.window);
    return static_cast<std::int64_t>(share) + current_.count;
}

bool SlidingWindowCounter::admits(const Counter& counter, std::int64_t cost) const {
    return weighted(counter) + cost <= counter.amount;
}

bool SlidingWindowCounter::count(const Counter& counter) {
    if (!admits(counter, counter.cost)) return false;
    if (current_.end < now_) current_ = {.count = 0, .end = now_ + 2 * counter.window};
    current_.count += counter.cost;
    return true;
}

Window SlidingWindowCounter::window(const Counter& counter) const {
    Window window{.remaining = std::max<std::int64_t>(0, counter.amount - weighted(counter)), .reset_in = {}};
    if (previous_.count == 0 && current_.count == 0) return window;
    window.reset_in = std::chrono::microseconds::max();
    // The previous window's count decreases by one each time that share of the window has passed.
    if (previous_.count > 0) {
        const auto step = std::chrono::microseconds{counter.window} / previous_.count;
        window.reset_in = until(previous_.end, now_) % std::max(step, std::chrono::microseconds{1});
    }
    if (current_.count > 0)
        window.reset_in = std::min(window.reset_in, until(current_.end - counter.window, now_));
    return window;
}

CountedWindow make_window(Strategy strategy) {
    switch (strategy) {
        case Strategy::fixed_window:
            return FixedWindow{};
        case Strategy::moving_window:
            return MovingWindow{};
        case Strategy::sliding_window_counter:
            break;
    }
    return SlidingWindowCounter{};
}

}  // namespace samovar::limits
