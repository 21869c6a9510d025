#include "base/process.hpp"

#include <malloc.h>
#include <sys/resource.h>

#include <csignal>
#include <limits>

#include <fmt/format.h>
#include <samovar/log.hpp>

namespace samovar {

void ignore_broken_pipes() noexcept {
    struct sigaction present{};
    if (::sigaction(SIGPIPE, nullptr, &present) != 0 || present.sa_handler != SIG_DFL) return;
    (void)std::signal(SIGPIPE, SIG_IGN);
}

std::size_t raise_descriptor_limit(std::string_view who, std::size_t needed) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::numeric_limits<std::size_t>::max();
    const auto before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
    const std::size_t allowed = limit.rlim_cur;
    if (allowed < needed)
        log::warning(
            fmt::format("{} may need {} open files and connections, and the system allows {} (ulimit -n, "
                        "LimitNOFILE)",
                        who, needed, allowed));
    return allowed;
}

// Unset, the threshold grows to the size of the largest block that was ever freed.
void give_large_blocks_back() noexcept {
#ifdef __GLIBC__
    constexpr int large = 1 << 20;
    (void)::mallopt(M_MMAP_THRESHOLD, large);
#endif
}

}  // namespace samovar
