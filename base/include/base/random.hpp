// Random bits from the operating system, fetched in bulk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace samovar {

/// Fills `out` with bytes fit for secrets. Each thread keeps a block of them, so a call costs tens of
/// nanoseconds; a child process never repeats its parent's.
/// Errors: std::system_error when the system gives none. Threads: any.
void random_bytes(std::span<std::byte> out);

std::uint64_t random_bits();

/// Uniform in [0, 1).
double random_unit();

/// Where a component takes its randomness from, so that tests can give their own: uniform in [0, 1).
using RandomUnit = std::function<double()>;

}  // namespace samovar
