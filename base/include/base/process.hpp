// What a process of ours settles with the system before its work begins.
#pragma once

#include <cstddef>
#include <string_view>

namespace samovar {

/// From now on, writing to what nobody reads any more is an error of that write, not the end of the process. A
/// handler that the program has set stays.
void ignore_broken_pipes() noexcept;

/// Raises the soft limit of open files, 1,024 on most systems, to the hard one, since each connection takes one.
/// Returns how many may be open; warns in one line when those are fewer than `needed`. `who` begins it.
std::size_t raise_descriptor_limit(std::string_view who, std::size_t needed);

/// From now on the memory of a large message or result goes back to the system as soon as it is freed. By itself
/// the C library keeps what it has once needed.
void give_large_blocks_back() noexcept;

}  // namespace samovar
