// The commands that ask workers: inspect and status.
#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <samovar/app.hpp>
#include <samovar/inspect.hpp>
#include <samovar/json.hpp>

#include "cli/command.hpp"

namespace samovar::commands {
namespace {

struct AskArguments {
    std::vector<std::string> destination;
    double timeout_seconds = 1;
    bool as_json = false;
};

// Lifetime: the arguments outlive the command.
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

// Errors: std::runtime_error when nobody answers in time; StoreUnavailable.
NodeAnswers ask_nodes(App& app, const AskArguments& arguments, std::string method, Object parameters = {}) {
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

struct InspectArguments {
    AskArguments ask;
    std::string method;
    std::vector<std::string> more;
};

/// One of Celery's inspect commands.
struct Method {
    const char* name = "";
    /// The argument that the rest of the command line is; empty: it takes none.
    const char* list = "";
};

constexpr Method methods[] = {
    {"active"},   {"active_queues"},     {"clock"},     {"conf"},
    {"ping"},     {"query_task", "ids"}, {"report"},    {"registered", "taskinfoitems"},
    {"reserved"}, {"revoked"},           {"scheduled"}, {"stats"},
};

std::vector<std::string> method_names() {
    std::vector<std::string> names;
    for (const auto& method : methods) names.emplace_back(method.name);
    return names;
}

Object parameters_of(const InspectArguments& arguments) {
    const auto& method = *std::ranges::find(methods, arguments.method, &Method::name);
    const std::string list = method.list;
    if (list.empty() && !arguments.more.empty()) throw UsageError(arguments.method + " takes no arguments");
    if (list == "ids" && arguments.more.empty()) throw UsageError(arguments.method + " needs ids of tasks");
    if (list.empty()) return {};
    return {{list, Array{arguments.more.begin(), arguments.more.end()}}};
}

std::string line_of(const Value& value) {
    const auto* text = value.if_string();
    return text ? *text : json::dump_compact(value);
}

void print_answer(const Value& answer) {
    const auto* list = answer.if_array();
    if (list && list->empty()) {
        print_line("    - empty -");
    } else if (list) {
        for (const auto& item : *list) print_line("    * " + line_of(item));
    } else {
        const auto* said = answer.find("ok") ? answer.find("ok") : answer.find("error");
        print_line("    " + line_of(said ? *said : answer));
    }
}

bool is_error(const Value& answer) { return answer.find("error") != nullptr; }

int show_answers(App& app, const InspectArguments& arguments) {
    const auto answers = ask_nodes(app, arguments.ask, arguments.method, parameters_of(arguments));
    const bool failed = std::ranges::any_of(answers, [](const auto& answer) { return is_error(answer.second); });
    if (arguments.ask.as_json) {
        print_answers_json(answers);
        return failed ? 1 : 0;
    }
    for (const auto& [node, answer] : answers) {
        print_line(fmt::format("->  {}: {}", node, is_error(answer) ? "ERROR" : "OK"));
        print_answer(answer);
    }
    print_line("\n" + count_nodes(answers));
    return failed ? 1 : 0;
}

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

void add_inspect(CLI::App& root, Invocation* invocation) {
    auto arguments = std::make_shared<InspectArguments>();
    auto& command =
        *root.add_subcommand("inspect", "Ask workers, Python's too, what they do and how they are set up.");
    command.add_option("method", arguments->method, "what to ask")
        ->required()
        ->check(one_of(method_names()))
        ->type_name("METHOD");
    command
        .add_option("arguments", arguments->more,
                    "ids of tasks, for query_task; attributes to show, for registered")
        ->type_name("");
    add_ask_options(command, &arguments->ask);
    command.callback([=] { invocation->run = [=] { return show_answers(*invocation->app, *arguments); }; });
}

void add_status(CLI::App& root, Invocation* invocation) {
    auto arguments = std::make_shared<AskArguments>();
    auto& command = *root.add_subcommand("status", "Workers that are online, Python's too.");
    add_ask_options(command, arguments.get());
    command.callback([=] { invocation->run = [=] { return show_status(*invocation->app, *arguments); }; });
}

}  // namespace samovar::commands
