#include <CLI/CLI.hpp>
#include <samovar/app.hpp>

#include "cli/command.hpp"

namespace samovar::commands {
namespace {

struct ResultArguments {
    std::string id;
    WaitOption wait;
};

int show_result(App& app, const ResultArguments& arguments) {
    const auto result = app.result(arguments.id);
    return print_result(arguments.wait.given ? result.wait(arguments.wait.timeout()) : result.peek());
}

}  // namespace

void add_result(CLI::App& root, Invocation* invocation) {
    auto arguments = std::make_shared<ResultArguments>();
    auto& command = *root.add_subcommand("result", "Print the result of a task as JSON.");
    command.add_option("id", arguments->id, "id of the task")->required()->type_name("");
    add_wait(command, &arguments->wait);
    command.callback([=] { invocation->run = [=] { return show_result(*invocation->app, *arguments); }; });
}

}  // namespace samovar::commands
