#include "commands/commands.hpp"

#include <vector>

#include <samovar/cli.hpp>

namespace localtea::commands {
namespace {

// Most need the store alone; these two the shop's tasks or its schedule besides.
Command of_engine(const samovar::CliCommand& command) {
    auto* run = &run_engine;
    if (command.name == "worker") run = &run_worker;
    if (command.name == "beat") run = &run_beat;
    return {command.name, command.summary, run};
}

std::vector<Command> make_all() {
    std::vector<Command> commands{
        {"up", "run the whole shop on this machine", &run_up},
        {"api", "serve the shop's HTTP interface", &run_api},
        {"migrate", "bring the database's schema up to date", &run_migrate},
        {"seed", "fill the catalogue with thirty demo teas", &run_seed},
        {"orders", "list orders and take them on their way", &run_orders},
        {"outbox", "look at tasks that cannot be pushed, try them again, drop them", &run_outbox},
    };
    for (const auto& command : samovar::cli_commands()) commands.push_back(of_engine(command));
    return commands;
}

}  // namespace

std::span<const Command> all() {
    static const auto commands = make_all();
    return commands;
}

}  // namespace localtea::commands
