// LD_PRELOAD for a redis-server whose calendar a test moves: the present time is the eight bytes in the file
// FROZEN_CLOCK, nanoseconds since 1970. Other clocks go on, or its event loop would stand still. (libfaketime and
// jemalloc, which Debian's Redis links, call each other before either is ready.)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

// Called by allocators that are not ready: nothing here may allocate.
const volatile std::int64_t* shared_nanoseconds() {
    static const volatile std::int64_t* nanoseconds = nullptr;
    if (nanoseconds != nullptr) return nanoseconds;
    const char* path = std::getenv("FROZEN_CLOCK");
    const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) std::abort();
    void* memory = ::mmap(nullptr, sizeof *nanoseconds, PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (memory == MAP_FAILED) std::abort();
    return nanoseconds = static_cast<const volatile std::int64_t*>(memory);
}

constexpr std::int64_t second = 1'000'000'000;

}  // namespace

// The declarations in the C library's headers name their parameters otherwise, and throw nothing.
extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)
        return static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
    const auto now = *shared_nanoseconds();
    *time = {.tv_sec = now / second, .tv_nsec = now % second};
    return 0;
}

int gettimeofday(timeval* time, void*) noexcept {
    const auto now = *shared_nanoseconds();
    *time = {.tv_sec = now / second, .tv_usec = now % second / 1000};
    return 0;
}

std::time_t time(std::time_t* result) noexcept {
    const auto now = *shared_nanoseconds() / second;
    if (result != nullptr) *result = now;
    return now;
}
}
