// Telling the service manager how this process is.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace samovar {

/// Sends `state` to the manager that started this process with Type=notify: "READY=1", "STOPPING=1", or several
/// assignments on lines of their own; the format is that of systemd's sd_notify(3). Without a manager, or when it
/// cannot be reached, nothing happens. Threads: any; does not block.
void notify_manager(std::string_view state) noexcept;

/// How often the manager expects "WATCHDOG=1" of this process at least (its WatchdogSec=); empty: it does not.
std::optional<std::chrono::milliseconds> manager_watchdog_interval() noexcept;

}  // namespace samovar
