#include "cli/asking.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <samovar/json.hpp>

#include "cli/command.hpp"

namespace samovar::commands {

void add_ask_options(CLI::App& command, AskArguments* arguments) {
    command
        .add_option("-d,--destination", arguments->destination, "nodes to ask, separated by commas; all of them")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("NODES");
    command.add_option("-t,--timeout", arguments->timeout_seconds, "seconds to wait for answers")
        ->check(seconds_from(0.001, 86'400))
        ->type_name("SECONDS")
        ->capture_default_str();
    command.add_flag("-j,--json", arguments->as_json, "an object of what each node answers, by its name");
}

NodeAnswers ask_nodes(App& app, const AskArguments& arguments, std::string method, Object parameters) {
    auto answers = Inspector{app}.ask({.method = std::move(method),
                                       .arguments = std::move(parameters),
                                       .destination = arguments.destination,
                                       .timeout = to_milliseconds(arguments.timeout_seconds)});
    if (answers.empty())
        throw std::runtime_error(fmt::format("no node answered within {} s", arguments.timeout_seconds));
    return answers;
}

std::string count_nodes(const NodeAnswers& answers) {
    return fmt::format("{} {} online.", answers.size(), answers.size() == 1 ? "node" : "nodes");
}

void print_answers_json(const NodeAnswers& answers) {
    Object all;
    for (const auto& [node, answer] : answers) all.append(node, answer);
    print_line(json::dump_compact(all));
}

}  // namespace samovar::commands
