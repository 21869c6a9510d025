#include <CLI/CLI.hpp>
#include <samovar/app.hpp>

#include "cli/command.hpp"
#include "message/time_text.hpp"
#include "task/app_impl.hpp"

namespace samovar::commands {
namespace {

struct CallArguments {
    std::string task;
    std::string args = "[]";
    std::string kwargs = "{}";
    std::string queue;
    std::optional<double> countdown;
    std::string eta;
    std::string expires;
    std::string id;
    std::optional<int> priority;
    WaitOption wait;
};

/// Seconds from now, or a time.
WallTime expiry(const std::string& text, WallTime now) {
    double seconds = 0;
    if (CLI::detail::lexical_cast(text, seconds)) {
        const auto problem = seconds_from(0)(text);
        if (!problem.empty()) throw UsageError("--expires: " + problem);
        return now + to_milliseconds(seconds);
    }
    if (const auto time = message::parse_time(text)) return *time;
    throw UsageError(
        not_understood("--expires", text, "a time such as 2030-01-02T03:04:05+03:00, or seconds, 0 or more"));
}

Signature signature(const CallArguments& arguments, WallTime now) {
    if (arguments.countdown && !arguments.eta.empty())
        throw UsageError("of --countdown and --eta only one can be given");
    Signature call{
        .task = arguments.task,
        .args = parse_array_option("--args", arguments.args),
        .kwargs = parse_object_option("--kwargs", arguments.kwargs),
        .options = {.queue = arguments.queue,
                    .countdown = to_milliseconds(arguments.countdown.value_or(0)),
                    .id = arguments.id,
                    .priority = arguments.priority},
    };
    if (!arguments.eta.empty()) call.options.eta = parse_time_option("--eta", arguments.eta);
    if (!arguments.expires.empty()) call.options.expires = expiry(arguments.expires, now);
    return call;
}

int send_call(App& app, const CallArguments& arguments) {
    const auto result = app.send(signature(arguments, app.impl().clock().now()));
    if (arguments.wait.given) return print_result(result.wait(arguments.wait.timeout()));
    print_line(result.id());
    return 0;
}

}  // namespace

void add_call(CLI::App& root, Invocation* invocation) {
    auto arguments = std::make_shared<CallArguments>();
    auto& command = *root.add_subcommand("call", "Send a task by name; prints its id, or with --wait its result.");
    command.add_option("task", arguments->task, "name of the task")->required()->type_name("");
    command.add_option("-a,--args", arguments->args, "arguments by position, a JSON array")->type_name("JSON");
    command.add_option("-k,--kwargs", arguments->kwargs, "arguments by name, a JSON object")->type_name("JSON");
    command.add_option("--queue", arguments->queue, "queue; else as the task is routed")->type_name("NAME");
    command.add_option("--countdown", arguments->countdown, "not before so many seconds have passed")
        ->check(seconds_from(0))
        ->type_name("SECONDS");
    command.add_option("--eta", arguments->eta, "not before this time, ISO 8601")->type_name("TIME");
    command.add_option("--expires", arguments->expires, "not after this time, or so many seconds from now")
        ->type_name("TIME|SECONDS");
    command.add_option("--id", arguments->id, "id of the task; else a fresh UUID")->type_name("ID");
    command.add_option("--priority", arguments->priority, "0 (served first) to 9")
        ->check(whole_number(0, 9))
        ->type_name("N");
    add_wait(command, &arguments->wait);
    command.callback([=] { invocation->run = [=] { return send_call(*invocation->app, *arguments); }; });
}

}  // namespace samovar::commands
