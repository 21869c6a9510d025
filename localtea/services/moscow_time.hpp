// Moments as customers read them.
#pragma once

#include <string>

#include <samovar/clock.hpp>

namespace localtea::services {

/// "23.11.2026, 15:04 (МСК)".
std::string moscow_time(samovar::WallTime time);

}  // namespace localtea::services
