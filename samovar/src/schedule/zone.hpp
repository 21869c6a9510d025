// A time zone of the system's database.
#pragma once

#include <string>

#include <samovar/clock.hpp>

#include "schedule/cron_calendar.hpp"

namespace date {
class time_zone;
}

namespace samovar::schedule {

/// Lifetime: the database is read once and kept until the process ends. Threads: any.
class Zone {
public:
    /// "UTC" needs no database. Errors: ConfigurationError when there is no zone of that name.
    explicit Zone(const std::string& name);

    /// What clocks on the wall show then.
    WallMinute wall(WallTime at) const;
    /// When clocks on the wall show that: the first time where they do so twice; where they never do, when they
    /// would have if they had not been put forward.
    WallTime instant(WallMinute wall) const;

private:
    const date::time_zone* zone_;
};

}  // namespace samovar::schedule
