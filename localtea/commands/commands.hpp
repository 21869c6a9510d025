// The program's commands: the shop's own and the engine's. Each takes what follows its name and returns the exit
// code: 0 done, 1 failed, 2 bad usage or configuration. Errors go to stderr, one line each.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace localtea::commands {

struct Command {
    std::string_view name;
    std::string_view summary;
    /// `argv[0]` is the command's name.
    int (*run)(int argc, char** argv);
};

/// In the order in which --help lists them: the shop's own, then all that samovar::cli_commands() has.
std::span<const Command> all();

int run_up(int argc, char** argv);
int run_api(int argc, char** argv);
int run_worker(int argc, char** argv);
int run_beat(int argc, char** argv);
int run_migrate(int argc, char** argv);
int run_seed(int argc, char** argv);
int run_orders(int argc, char** argv);
int run_outbox(int argc, char** argv);
/// The engine's commands that need the store alone: call, result, delayed, ...
int run_engine(int argc, char** argv);

}  // namespace localtea::commands
