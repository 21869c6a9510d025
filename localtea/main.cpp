// The shop's program: one command a process.
#include <cstdio>
#include <exception>
#include <string_view>

#include <fmt/format.h>
#include <samovar/error.hpp>

#include "base/process.hpp"
#include "base/reason.hpp"
#include "commands/commands.hpp"
#include "config/error.hpp"

namespace {

using localtea::commands::Command;

constexpr int failed = 1;
constexpr int bad_usage = 2;

void print_help() {
    fmt::print("LocalTea {}: an online tea shop.\n\nUsage: localtea COMMAND [OPTIONS]\n\nCommands:\n",
               LOCALTEA_VERSION);
    for (const auto& command : localtea::commands::all())
        fmt::print("  {:<10} {}\n", command.name, command.summary);
    fmt::print(
        "\n'localtea COMMAND --help' explains a command. Where no variable says otherwise, the staff's commands "
        "use the "
        "data of the\nlocaltea up on var/ or --data DIR.\n");
}

const Command* find(std::string_view name) {
    for (const auto& command : localtea::commands::all())
        if (command.name == name) return &command;
    return nullptr;
}

int run(const Command& command, int argc, char** argv) {
    try {
        return command.run(argc, argv);
    } catch (const localtea::config::Error& error) {
        fmt::print(stderr, "{}\n", error.what());
        return bad_usage;
    } catch (const samovar::ConfigurationError& error) {
        fmt::print(stderr, "{}\n", error.what());
        return bad_usage;
    } catch (const std::exception& error) {
        fmt::print(stderr, "localtea {}: {}\n", command.name, samovar::reason_of(error));
        return failed;
    }
}

}  // namespace

int main(int argc, char** argv) {
    samovar::ignore_broken_pipes();
    const std::string_view name = argc > 1 ? argv[1] : "";
    if (name == "--help" || name == "-h") return print_help(), 0;
    if (name == "--version") return fmt::print("localtea {}\n", LOCALTEA_VERSION), 0;
    if (const auto* command = find(name)) return run(*command, argc - 1, argv + 1);
    fmt::print(stderr, "{}; see localtea --help\n",
               name.empty() ? "no command was given" : fmt::format("unknown command '{}'", name));
    return bad_usage;
}
