#include "commands/log_setup.hpp"

#include <samovar/log.hpp>

namespace localtea::commands {

void set_up_log(const config::Settings& settings) {
    samovar::log::Options options;
    if (settings.log_format == config::LogFormat::json) options.format = samovar::log::Format::json;
    samovar::log::configure(options);
}

}  // namespace localtea::commands
