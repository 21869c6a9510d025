#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "commands/commands.hpp"
#include "commands/shop.hpp"
#include "config/load.hpp"

namespace localtea::commands {

int run_seed(int argc, char** argv) {
    CLI::App line{
        "Fills the catalogue with thirty demo teas, in Russian. What is there already is left as it is, so it may "
        "be "
        "run again.",
        "localtea seed"};
    CLI11_PARSE(line, argc, argv);
    const auto settings = config::load({.environment = config::process_environment()}, config::Purpose::database);
    const int added = seed(settings, samovar::system_clock(), services::Seeding::missing);
    fmt::print("{}: {} products added\n", config::describe(settings.database), added);
    return 0;
}

}  // namespace localtea::commands
