#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "commands/command_line.hpp"
#include "commands/commands.hpp"
#include "commands/shop.hpp"
#include "commands/staff_settings.hpp"

namespace localtea::commands {

int run_migrate(int argc, char** argv) {
    CLI::App line{"Brings the database's schema up to date.", "localtea migrate"};
    std::string data;
    line.add_option("--data", data, data_option_help)->type_name("DIR");
    if (const auto code = read_line(line, argc, argv)) return *code;
    const auto settings = staff_settings(config::Purpose::database, data);
    const int applied = migrate(settings, samovar::system_clock());
    fmt::print("{}: {} migrations applied, the schema is up to date\n", config::describe(settings.database),
               applied);
    return 0;
}

}  // namespace localtea::commands
