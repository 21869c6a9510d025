#include <samovar/cli.hpp>

#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>
#include <samovar/app.hpp>
#include <samovar/error.hpp>

#include "base/process.hpp"
#include "base/reason.hpp"
#include "cli/command.hpp"

namespace samovar {
namespace commands {
namespace {

constexpr int failed = 1;
constexpr int bad_usage = 2;

/// The command that was named last, with its path: "lab beat add".
const CLI::App& innermost(const CLI::App& root, std::string* path) {
    const CLI::App* command = &root;
    *path = root.get_name();
    for (auto named = command->get_subcommands(); !named.empty(); named = command->get_subcommands()) {
        command = named.front();
        *path += " " + command->get_name();
    }
    return *command;
}

std::vector<std::string> commands_of(const CLI::App& command) {
    std::vector<std::string> names;
    for (const auto* choice : command.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(choice->get_name());
    return names;
}

/// Prints the help that was asked for, or says what is wrong.
int answer_parse_error(const CLI::App& root, const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return root.exit(error);
    std::string path;
    const auto& command = innermost(root, &path);
    const auto names = commands_of(command);
    const auto extra = root.remaining(true);
    std::string text = error.what();
    if (!extra.empty() && dynamic_cast<const CLI::ExtrasError*>(&error)) {
        const bool option = extra.front().starts_with('-');
        text = option || names.empty() ? fmt::format("{}: '{}' is not understood", path, extra.front())
                                       : fmt::format("{}: '{}' is no command; allowed: {}", path, extra.front(),
                                                     fmt::join(names, ", "));
    } else if (dynamic_cast<const CLI::RequiredError*>(&error)) {
        text = fmt::format("{}: {}", path, text);
    }
    commands::print_error(text);
    fmt::print(stderr, "see {} --help\n", path);
    return bad_usage;
}

/// Nothing was given that could be run: the innermost command that was named has commands of its own.
int answer_missing_command(const CLI::App& root) {
    std::string path;
    commands::print_error(
        fmt::format("a command is needed: {}", fmt::join(commands_of(innermost(root, &path)), ", ")));
    return bad_usage;
}

int run(const Invocation& invocation, const std::function<void()>& before_run) {
    try {
        if (before_run) before_run();
        return invocation.run();
    } catch (const UsageError& error) {
        print_error(error.what());
        return bad_usage;
    } catch (const ConfigurationError& error) {
        print_error(error.what());
        return bad_usage;
    } catch (const std::invalid_argument& error) {
        print_error(error.what());
        return bad_usage;
    } catch (const std::exception& error) {
        commands::print_error(reason_of(error));
        return failed;
    }
}

}  // namespace

int run_command_line(CLI::App& root, Invocation* invocation, int argc, char** argv,
                     const std::function<void()>& before_run) {
    ignore_broken_pipes();
    // Not required here, or an unknown command would be reported as a missing one.
    root.require_subcommand(0, 1);
    try {
        root.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return answer_parse_error(root, error);
    }
    if (!invocation->run) return answer_missing_command(root);
    return run(*invocation, before_run);
}

}  // namespace commands

namespace {

std::string program_name(int argc, char** argv) {
    const std::string path = argc > 0 ? argv[0] : "samovar";
    return path.substr(path.rfind('/') + 1);
}

}  // namespace

const std::vector<CliCommand>& cli_commands() {
    static const std::vector<CliCommand> commands{
        {"worker", "run tasks from the queues"},
        {"beat", "send periodic tasks; look at their entries and change them"},
        {"call", "send a task by name"},
        {"result", "print the result of a task"},
        {"delayed", "list what waits for its time, cancel it, run it now"},
        {"dead", "look at dead letters, put them back, drop them"},
        {"rescue", "put everything into Celery's queues, where no worker of ours will run again"},
        {"inspect", "ask workers what they do, what waits, how they are set up"},
        {"status", "list the workers that are online"},
    };
    return commands;
}

int cli(App& app, int argc, char** argv) {
    commands::Invocation invocation{.app = &app, .run = {}};
    CLI::App root{app.name(), program_name(argc, argv)};
    commands::add_worker(root, &invocation);
    commands::add_beat(root, &invocation);
    commands::add_call(root, &invocation);
    commands::add_result(root, &invocation);
    commands::add_delayed(root, &invocation);
    commands::add_dead(root, &invocation);
    commands::add_rescue(root, &invocation);
    commands::add_inspect(root, &invocation);
    commands::add_status(root, &invocation);
    return commands::run_command_line(root, &invocation, argc, argv);
}

}  // namespace samovar
