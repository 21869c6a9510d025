#include "commands/commands.hpp"

#include <array>

namespace localtea::commands {

std::span<const Command> all() {
    static constexpr std::array commands{
        Command{"up", "run the whole shop on this machine", &run_up},
        Command{"api", "serve the shop's HTTP interface", &run_api},
        Command{"worker", "run tasks from the queues", &run_worker},
        Command{"beat", "send periodic tasks; look at their entries and change them", &run_beat},
        Command{"migrate", "bring the database's schema up to date", &run_migrate},
        Command{"seed", "fill the catalogue with thirty demo teas", &run_seed},
        Command{"orders", "list orders and take them on their way", &run_orders},
        Command{"call", "send a task by name", &run_engine},
        Command{"result", "print the result of a task", &run_engine},
        Command{"dead", "look at dead letters, put them back, drop them", &run_engine},
    };
    return commands;
}

}  // namespace localtea::commands
