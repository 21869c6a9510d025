#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/asking.hpp"
#include "cli/command.hpp"

namespace samovar::commands {
namespace {

int show_status(App& app, const AskArguments& arguments) {
    const auto answers = ask_nodes(app, arguments, "ping");
    if (arguments.as_json) {
        print_answers_json(answers);
        return 0;
    }
    for (const auto& [node, answer] : answers) print_line(fmt::format("{}: OK", node));
    print_line("\n" + count_nodes(answers));
    return 0;
}

}  // namespace

void add_status(CLI::App& root, Invocation* invocation) {
    auto arguments = std::make_shared<AskArguments>();
    auto& command = *root.add_subcommand("status", "Workers that are online, Python's too.");
    add_ask_options(command, arguments.get());
    command.callback([=] { invocation->run = [=] { return show_status(*invocation->app, *arguments); }; });
}

}  // namespace samovar::commands
