// LD_PRELOAD for a program whose calendar a test moves. The eight bytes in the file FROZEN_CLOCK are the present
// time in nanoseconds since 1970, or those in STEPPED_CLOCK how many nanoseconds it is ahead of the true one.
// Other clocks go on, or the program's event loop would stand still. (libfaketime and jemalloc, which Debian's
// Redis links, call each other before either is ready.)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

constexpr std::int64_t second = 1'000'000'000;

struct Calendar {
    const volatile std::int64_t* nanoseconds = nullptr;
    bool frozen = false;
};

// Called by allocators that are not ready, and before there are threads: nothing here may allocate.
Calendar calendar() {
    static Calendar calendar;
    if (calendar.nanoseconds != nullptr) return calendar;
    const char* path = std::getenv("FROZEN_CLOCK");
    calendar.frozen = path != nullptr;
    if (path == nullptr) path = std::getenv("STEPPED_CLOCK");
    const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) std::abort();
    void* memory = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (memory == MAP_FAILED) std::abort();
    calendar.nanoseconds = static_cast<const volatile std::int64_t*>(memory);
    return calendar;
}

std::int64_t present() {
    const auto [nanoseconds, frozen] = calendar();
    if (frozen) return *nanoseconds;
    timespec now{};
    ::syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    return now.tv_sec * second + now.tv_nsec + *nanoseconds;
}

}  // namespace

// The declarations in the C library's headers name their parameters otherwise, and throw nothing.
extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)
        return static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
    const auto now = present();
    *time = {.tv_sec = now / second, .tv_nsec = now % second};
    return 0;
}

int gettimeofday(timeval* time, void*) noexcept {
    const auto now = present();
    *time = {.tv_sec = now / second, .tv_usec = now % second / 1000};
    return 0;
}

std::time_t time(std::time_t* result) noexcept {
    const auto now = present() / second;
    if (result != nullptr) *result = now;
    return now;
}
}
