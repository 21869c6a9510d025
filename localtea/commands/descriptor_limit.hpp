// How many sockets and files this process may have open.
#pragma once

namespace localtea::commands {

/// Raises the soft limit, 1,024 on most systems, to the hard one: each connection takes a descriptor. Nothing
/// happens where the system does not allow it.
void raise_descriptor_limit() noexcept;

}  // namespace localtea::commands
