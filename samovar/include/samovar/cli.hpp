// The engine's commands, for a program to offer as its own.
#pragma once

#include <string_view>
#include <vector>

namespace samovar {

class App;

/// One command that cli() understands.
struct CliCommand {
    std::string_view name;
    /// One line for a list of commands.
    std::string_view summary;
};

/// The commands there are, in the order in which --help lists them. A program with commands of its own looks at
/// argv[1] and hands the engine's to cli().
const std::vector<CliCommand>& cli_commands();

/// Runs one command: `argv[1]` names it, the rest are its options. `--help` explains.
///
/// Returns the process's exit code: 0 done, 1 failed, 2 bad usage or configuration, 130 interrupted twice.
/// Errors go to stderr, one line each, never with a password; nothing is thrown.
int cli(App& app, int argc, char** argv);

}  // namespace samovar
