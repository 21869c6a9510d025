// Moments as answers spell them.
#pragma once

#include <string>

#include <samovar/clock.hpp>

namespace localtea::api {

/// ISO 8601 with an offset: "2026-03-01T09:05:00+00:00". The fraction is left out when there is none, as Python
/// does.
std::string time_text(samovar::WallTime time);

}  // namespace localtea::api
