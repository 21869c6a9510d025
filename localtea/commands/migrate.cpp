#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "commands/commands.hpp"
#include "commands/shop.hpp"
#include "config/load.hpp"

namespace localtea::commands {

int run_migrate(int argc, char** argv) {
    CLI::App line{"Brings the database's schema up to date.", "localtea migrate"};
    CLI11_PARSE(line, argc, argv);
    const auto settings = config::load({.environment = config::process_environment()}, config::Purpose::database);
    const int applied = migrate(settings, samovar::system_clock());
    fmt::print("{}: {} migrations applied, the schema is up to date\n", config::describe(settings.database),
               applied);
    return 0;
}

}  // namespace localtea::commands
