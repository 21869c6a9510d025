// What the commands that ask workers share.
#pragma once

#include <string>
#include <vector>

#include <samovar/app.hpp>
#include <samovar/inspect.hpp>

namespace CLI {
class App;
}

namespace samovar::commands {

struct AskArguments {
    std::vector<std::string> destination;
    double timeout_seconds = 1;
    bool as_json = false;
};
/// Lifetime: the arguments outlive the command.
void add_ask_options(CLI::App& command, AskArguments* arguments);

/// Errors: std::runtime_error when nobody answers in time; StoreUnavailable.
NodeAnswers ask_nodes(App& app, const AskArguments& arguments, std::string method, Object parameters = {});

/// "2 nodes online."
std::string count_nodes(const NodeAnswers& answers);
/// {node: answer} on one line.
void print_answers_json(const NodeAnswers& answers);

}  // namespace samovar::commands
