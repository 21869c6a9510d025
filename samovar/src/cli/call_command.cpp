#include <CLI/CLI.hpp>
#include <samovar/app.hpp>

#include "cli/command.hpp"
#include "task/app_impl.hpp"

namespace samovar::commands {
namespace {

struct CallArguments {
    std::string task;
    std::string args = "[]";
    std::string kwargs = "{}";
    std::string queue;
    double countdown = 0;
    std::string eta;
    std::string expires;
    std::string id;
    std::optional<int> priority;
    WaitOption wait;
};

template <class T>
T expect(T* content, std::string_view what) {
    if (!content) throw UsageError(std::string{what});
    return std::move(*content);
}

/// Seconds from now, or a time.
WallTime expiry(const std::string& text, WallTime now) {
    double seconds = 0;
    if (CLI::detail::lexical_cast(text, seconds)) {
        if (!(seconds >= 0)) throw UsageError("--expires has to be 0 seconds or more");
        return now + to_milliseconds(seconds);
    }
    return parse_time_option("--expires", text);
}

Signature signature(const CallArguments& arguments, WallTime now) {
    auto args = parse_json_option("--args", arguments.args);
    auto kwargs = parse_json_option("--kwargs", arguments.kwargs);
    Signature call{
        .task = arguments.task,
        .args = expect(args.if_array(), "--args has to be a JSON array"),
        .kwargs = expect(kwargs.if_object(), "--kwargs has to be a JSON object"),
        .options = {.queue = arguments.queue,
                    .countdown = to_milliseconds(arguments.countdown),
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
    auto* countdown =
        command.add_option("--countdown", arguments->countdown, "not before so many seconds have passed")
            ->check(CLI::NonNegativeNumber)
            ->type_name("SECONDS");
    command.add_option("--eta", arguments->eta, "not before this time, ISO 8601")
        ->type_name("TIME")
        ->excludes(countdown);
    command.add_option("--expires", arguments->expires, "not after this time, or so many seconds from now")
        ->type_name("TIME|SECONDS");
    command.add_option("--id", arguments->id, "id of the task; else a fresh UUID")->type_name("ID");
    command.add_option("--priority", arguments->priority, "0 (served first) to 9")
        ->check(CLI::Range(0, 9))
        ->type_name("N");
    add_wait(command, &arguments->wait);
    command.callback([=] { invocation->run = [=] { return send_call(*invocation->app, *arguments); }; });
}

}  // namespace samovar::commands
