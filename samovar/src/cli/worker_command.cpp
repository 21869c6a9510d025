#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <samovar/app.hpp>
#include <samovar/beat.hpp>
#include <samovar/worker.hpp>

#include "cli/command.hpp"

namespace samovar::commands {
namespace {

struct WorkerArguments {
    LogArguments log;
    WorkerOptions options;
    double lease_seconds = 10;
    double grace_seconds = 0;
    std::string queues;
    bool with_beat = false;
};

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> parts;
    if (text.empty()) return parts;
    for (std::size_t begin = 0, end = 0; end != text.npos; begin = end + 1) {
        end = text.find(',', begin);
        parts.push_back(text.substr(begin, end - begin));
    }
    return parts;
}

std::string names(const std::string& text) {
    const auto parts = split(text);
    if (!parts.empty() && std::ranges::find(parts, "") == parts.end()) return {};
    return fmt::format("'{}' is not understood; allowed: names of queues, with a comma between them", text);
}

int start_worker(App& app, WorkerArguments arguments) {
    set_up_log(app, arguments.log);
    arguments.options.queues = split(arguments.queues);
    arguments.options.lease = to_milliseconds(arguments.lease_seconds);
    arguments.options.grace = to_milliseconds(arguments.grace_seconds);
    std::optional<BackgroundBeat> beat;
    if (arguments.with_beat) beat.emplace(app, BeatRunOptions{.lease = arguments.options.lease});
    return run_worker(app, arguments.options);
}

}  // namespace

void add_worker(CLI::App& root, Invocation* invocation) {
    auto arguments = std::make_shared<WorkerArguments>();
    auto& command = *root.add_subcommand("worker", "Run tasks from the queues, until SIGTERM or Ctrl-C.");
    add_log_options(command, &arguments->log);
    command.add_option("-Q,--queues", arguments->queues, "queues, separated by commas; all of the application's")
        ->check(names)
        ->type_name("NAMES");
    command
        .add_option("-c,--concurrency", arguments->options.concurrency, "tasks at a time; one for each processor")
        ->check(whole_number(1, 10'000))
        ->type_name("N");
    command.add_option("-n,--hostname", arguments->options.name, "node name, without or with @host")
        ->type_name("NAME")
        ->capture_default_str();
    command
        .add_option("--lease", arguments->lease_seconds,
                    "seconds without a sign of life after which others take this worker's tasks over")
        ->check(seconds_from(0.1, 86'400))
        ->type_name("SECONDS")
        ->capture_default_str();
    command
        .add_option("--grace", arguments->grace_seconds,
                    "seconds that a shutdown waits for running tasks before it puts them back; 0: without bound")
        ->check(seconds_from(0))
        ->type_name("SECONDS")
        ->capture_default_str();
    command.add_flag("-B,--beat", arguments->with_beat, "run beat beside the worker");
    command.callback([=] { invocation->run = [=] { return start_worker(*invocation->app, *arguments); }; });
}

}  // namespace samovar::commands
