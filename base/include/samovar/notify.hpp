// Telling the service manager how this process is.
#pragma once

#include <string_view>

namespace samovar {

/// Sends `state` to the manager that started this process with Type=notify: "READY=1", "STOPPING=1", or several
/// assignments on lines of their own; the format is that of systemd's sd_notify(3). Without a manager, or when it
/// cannot be reached, nothing happens. Threads: any; does not block.
void notify_manager(std::string_view state) noexcept;

}  // namespace samovar
