#include "schedule/zone.hpp"

#include <stdexcept>

#include <date/tz.h>
#include <samovar/error.hpp>

namespace samovar::schedule {
namespace {

const date::time_zone* find_zone(const std::string& name) {
    if (name == "UTC") return nullptr;
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        throw ConfigurationError(
            "timezone: '" + name +
            "' is not known here; allowed: a name of the system's time zone database, such as "
            "Europe/Moscow (package tzdata)");
    }
}

}  // namespace

Zone::Zone(const std::string& name) : zone_(find_zone(name)) {}

WallMinute Zone::wall(WallTime at) const {
    const auto offset = zone_ ? zone_->get_info(at).offset : std::chrono::seconds{0};
    return WallMinute{std::chrono::floor<std::chrono::minutes>(at.time_since_epoch() + offset)};
}

WallTime Zone::instant(WallMinute wall) const {
    std::chrono::seconds since{wall.time_since_epoch()};
    // `first` holds until the change, for both kinds of change.
    if (zone_) since -= zone_->get_info(date::local_seconds{since}).first.offset;
    return WallTime{since};
}

}  // namespace samovar::schedule
