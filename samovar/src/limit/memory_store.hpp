// Counters in this process's memory: as many as fit.
#pragma once

#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <samovar/clock.hpp>

#include "limit/check.hpp"
#include "limit/counted_windows.hpp"

namespace samovar::limits {

/// Threads: any. Lifetime: the clock must outlive it.
class MemoryStore {
public:
    /// `capacity` bounds counters and entries of moving windows together; what ends first is dropped first.
    MemoryStore(Strategy strategy, const Clock& clock, std::size_t capacity);

    Decision check(const std::vector<Counter>& counters, Mode mode);
    void clear(const std::vector<Counter>& counters);
    /// What is kept, in the units of `capacity`.
    std::size_t size() const;

private:
    struct Kept {
        CountedWindow window;
        SteadyTime end;
        std::size_t size = 0;
    };
    using Table = std::unordered_map<std::string, Kept>;

    Decision count_in_order(const std::vector<Counter>& counters, SteadyTime now);
    Decision look(const std::vector<Counter>& counters, SteadyTime now);
    /// Counts one hit; false: refused.
    bool count(const Counter& counter, SteadyTime now, Window& window);
    CountedWindow present(const Counter& counter, SteadyTime now) const;
    void keep(const std::string& key, CountedWindow window);
    void drop(Table::iterator kept);
    void make_room(SteadyTime now);

    Strategy strategy_;
    const Clock& clock_;
    std::size_t capacity_;

    mutable std::mutex mutex_;
    Table kept_;
    /// Every counter by its end; the names belong to kept_.
    std::set<std::pair<SteadyTime, const std::string*>> by_end_;
    std::size_t size_ = 0;
};

}  // namespace samovar::limits
