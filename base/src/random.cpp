#include "base/random.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <pthread.h>
#include <sys/random.h>

namespace samovar {
namespace {

// Counts forks: a block fetched before one belongs to the parent.
std::atomic<unsigned>& fork_count() {
    static std::atomic<unsigned> count{0};
    static const int registered =
        pthread_atfork(nullptr, nullptr, [] { count.fetch_add(1, std::memory_order_relaxed); });
    static_cast<void>(registered);
    return count;
}

void fill_from_system(std::span<std::byte> out) {
    while (!out.empty()) {
        const ssize_t got = getrandom(out.data(), out.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw std::system_error(errno, std::generic_category(), "getrandom");
        out = out.subspan(static_cast<std::size_t>(got));
    }
}

class Block {
public:
    void take(std::span<std::byte> out) {
        const unsigned forks = fork_count().load(std::memory_order_relaxed);
        while (!out.empty()) {
            if (used_ == bytes_.size() || forks != forks_) refill(forks);
            const std::size_t count = std::min(out.size(), bytes_.size() - used_);
            std::memcpy(out.data(), bytes_.data() + used_, count);
            std::memset(bytes_.data() + used_, 0, count);
            used_ += count;
            out = out.subspan(count);
        }
    }

private:
    void refill(unsigned forks) {
        fill_from_system(bytes_);
        used_ = 0;
        forks_ = forks;
    }

    std::array<std::byte, 1024> bytes_{};
    std::size_t used_ = bytes_.size();
    unsigned forks_ = 0;
};

}  // namespace

void random_bytes(std::span<std::byte> out) {
    thread_local Block block;
    block.take(out);
}

std::uint64_t random_bits() {
    std::uint64_t bits = 0;
    random_bytes(std::as_writable_bytes(std::span{&bits, 1}));
    return bits;
}

double random_unit() { return static_cast<double>(random_bits() >> 11) * 0x1p-53; }

}  // namespace samovar
