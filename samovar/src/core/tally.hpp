// A count that any thread may raise.
#pragma once

#include <atomic>
#include <cstdint>

namespace samovar {

/// Orders nothing; costs one instruction. A copy begins with the count of its original.
class Tally {
public:
    Tally() = default;
    Tally(const Tally& other) : count_(other.count()) {}
    Tally& operator=(const Tally& other) {
        count_.store(other.count(), std::memory_order_relaxed);
        return *this;
    }

    void add() { count_.fetch_add(1, std::memory_order_relaxed); }
    std::uint64_t count() const { return count_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> count_{0};
};

}  // namespace samovar
