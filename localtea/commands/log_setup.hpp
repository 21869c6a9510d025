// Logging as the settings say.
#pragma once

#include "config/settings.hpp"

namespace localtea::commands {

void set_up_log(const config::Settings& settings);

}  // namespace localtea::commands
