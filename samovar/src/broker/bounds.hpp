// How much one call of a store handles.
#pragma once

#include <cstddef>

namespace samovar::broker {

/// A script blocks Redis for everybody else: it moves or lists no more than this, and what is left waits for the
/// next call.
inline constexpr std::size_t most_per_call = 500;
/// Of messages and results together, unless a single one is larger.
inline constexpr std::size_t most_bytes_per_call = std::size_t{1} << 20;

}  // namespace samovar::broker
