#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "commands/command_line.hpp"
#include "commands/commands.hpp"
#include "commands/shop.hpp"
#include "commands/staff_settings.hpp"

namespace localtea::commands {

int run_seed(int argc, char** argv) {
    CLI::App line{
        "Fills the catalogue with thirty demo teas, in Russian. What is there already is left as it is, so it may "
        "be run again.",
        "localtea seed"};
    std::string data;
    line.add_option("--data", data, data_option_help)->type_name("DIR");
    if (const auto code = read_line(line, argc, argv)) return *code;
    const auto settings = staff_settings(config::Purpose::database, data);
    const int added = seed(settings, samovar::system_clock(), services::Seeding::missing);
    fmt::print("{}: {} products added\n", config::describe(settings.database), added);
    return 0;
}

}  // namespace localtea::commands
