// Giving back memory that only the start of a process needed.
#pragma once

namespace samovar {

/// Unmaps the pages of code and constants of this program and its libraries; those that are used again come back
/// from the page cache, a fault of well under a microsecond each. Reading a command line, configuration and
/// certificates touches several times what a worker at rest does. Threads: any.
void give_back_start_pages() noexcept;

}  // namespace samovar
