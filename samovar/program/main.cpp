// The engine's commands for an installation whose tasks are elsewhere, Python's too: everything but running tasks.
#include <optional>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <samovar/app.hpp>
#include <samovar/version.hpp>

#include "cli/command.hpp"

namespace {

namespace commands = samovar::commands;

void add_options(CLI::App& root, samovar::AppOptions* options) {
    root.add_option("-b,--broker", options->broker_url, "the broker's address: redis://, rediss:// or unix://")
        ->envname("CELERY_BROKER_URL")
        ->type_name("URL")
        ->capture_default_str();
    root.add_option("--result-backend", options->result_url, "the results' address; the broker's")
        ->envname("CELERY_RESULT_BACKEND")
        ->type_name("URL");
    root.add_option("--broker-prefix", options->broker_prefix,
                    "global_keyprefix of the broker's transport options")
        ->type_name("TEXT");
    root.add_option("--result-prefix", options->result_prefix, "global_keyprefix of the result backend's")
        ->type_name("TEXT");
    root.add_option("--default-queue", options->default_queue, "queue of a task that is sent without one")
        ->type_name("NAME")
        ->capture_default_str();
}

// `worker` is not among them: it would take messages whose tasks it does not know, and `beat` would have no
// entries.
void add_commands(CLI::App& root, commands::Invocation* invocation) {
    commands::add_call(root, invocation);
    commands::add_result(root, invocation);
    commands::add_delayed(root, invocation);
    commands::add_dead(root, invocation);
    commands::add_rescue(root, invocation);
    commands::add_beat_entries(root, invocation);
    commands::add_inspect(root, invocation);
    commands::add_status(root, invocation);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App root{"Looks after a Celery installation on Redis, whatever its tasks are written in.", "samovar"};
    root.set_version_flag("--version", fmt::format("samovar {}", samovar::version()));
    // The options above may stand behind the command, too.
    root.fallthrough();
    samovar::AppOptions options;
    std::optional<samovar::App> app;
    commands::Invocation invocation;
    add_options(root, &options);
    add_commands(root, &invocation);
    return commands::run_command_line(root, &invocation, argc, argv, [&] {
        app.emplace("samovar", options);
        invocation.app = &*app;
    });
}
