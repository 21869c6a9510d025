#include "limit/memory_store.hpp"

#include <map>
#include <string_view>

namespace samovar::limits {
namespace {

Window window_of(const CountedWindow& counted, const Counter& counter) {
    return std::visit([&](const auto& window) { return window.window(counter); }, counted);
}

}  // namespace

MemoryStore::MemoryStore(Strategy strategy, const Clock& clock, std::size_t capacity)
    : strategy_(strategy), clock_(clock), capacity_(capacity) {}

Decision MemoryStore::check(const std::vector<Counter>& counters, Mode mode) {
    const std::lock_guard lock{mutex_};
    const auto now = clock_.steady();
    if (mode == Mode::in_order) return count_in_order(counters, now);
    auto decision = look(counters, now);
    if (mode == Mode::test || !decision.allowed()) return decision;
    return count_in_order(counters, now);
}

Decision MemoryStore::count_in_order(const std::vector<Counter>& counters, SteadyTime now) {
    Decision decision{.source = Source::memory};
    for (std::size_t i = 0; i < counters.size() && decision.allowed(); ++i)
        if (!count(counters[i], now, decision.windows.emplace_back())) decision.refused = i;
    make_room(now);
    return decision;
}

Decision MemoryStore::look(const std::vector<Counter>& counters, SteadyTime now) {
    Decision decision{.source = Source::memory};
    // A counter that is named twice has to hold both costs.
    std::map<std::string_view, std::int64_t> planned;
    for (std::size_t i = 0; i < counters.size(); ++i) {
        const auto& counter = counters[i];
        const auto counted = present(counter, now);
        const auto cost = planned[counter.key] += counter.cost;
        const bool fits = std::visit([&](const auto& window) { return window.admits(counter, cost); }, counted);
        if (!fits && decision.allowed()) decision.refused = i;
        decision.windows.push_back(window_of(counted, counter));
        // Looking moves a sliding window on, as it does in Redis: later windows begin where this one ends.
        if (kept_.contains(counter.key)) keep(counter.key, counted);
    }
    return decision;
}

bool MemoryStore::count(const Counter& counter, SteadyTime now, Window& window) {
    auto counted = present(counter, now);
    const bool admitted = std::visit([&](auto& kind) { return kind.count(counter); }, counted);
    window = window_of(counted, counter);
    keep(counter.key, std::move(counted));
    return admitted;
}

CountedWindow MemoryStore::present(const Counter& counter, SteadyTime now) const {
    const auto found = kept_.find(counter.key);
    auto counted = found == kept_.end() ? make_window(strategy_) : found->second.window;
    std::visit([&](auto& window) { window.advance(counter, now); }, counted);
    return counted;
}

void MemoryStore::keep(const std::string& key, CountedWindow window) {
    const auto [position, added] = kept_.try_emplace(key);
    auto& kept = position->second;
    if (!added) by_end_.erase({kept.end, &position->first});
    size_ -= kept.size;
    std::visit([&](const auto& kind) { kept.end = kind.end(), kept.size = 1 + kind.size(); }, window);
    kept.window = std::move(window);
    size_ += kept.size;
    by_end_.emplace(kept.end, &position->first);
}

void MemoryStore::drop(Table::iterator kept) {
    by_end_.erase({kept->second.end, &kept->first});
    size_ -= kept->second.size;
    kept_.erase(kept);
}

void MemoryStore::make_room(SteadyTime now) {
    while (!by_end_.empty() && (by_end_.begin()->first < now || size_ > capacity_))
        drop(kept_.find(*by_end_.begin()->second));
}

void MemoryStore::clear(const std::vector<Counter>& counters) {
    const std::lock_guard lock{mutex_};
    for (const auto& counter : counters)
        if (const auto found = kept_.find(counter.key); found != kept_.end()) drop(found);
}

std::size_t MemoryStore::size() const {
    const std::lock_guard lock{mutex_};
    return size_;
}

}  // namespace samovar::limits
