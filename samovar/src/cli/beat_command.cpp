#include <CLI/CLI.hpp>
#include <samovar/app.hpp>
#include <samovar/beat.hpp>

#include "cli/beat_entries.hpp"
#include "cli/command.hpp"

namespace samovar::commands {
namespace {

struct BeatArguments {
    LogArguments log;
    double lease_seconds = 10;
};

int start_beat(App& app, const BeatArguments& arguments) {
    set_up_log(app, arguments.log);
    return run_beat(app, {.lease = to_milliseconds(arguments.lease_seconds)});
}

void add_beat_list(CLI::App& beat, Invocation* invocation) {
    auto as_json = std::make_shared<bool>(false);
    auto& command = *beat.add_subcommand("list", "The entries: schedule, next slot, what was sent last.");
    command.add_flag("--json", *as_json,
                     "an array of {name, schedule, task, next, last, paused, from_code, problem}");
    command.callback([=] { invocation->run = [=] { return list_entries(*invocation->app, *as_json); }; });
}

void add_beat_add(CLI::App& beat, Invocation* invocation) {
    auto entry = std::make_shared<NewEntry>();
    auto& command = *beat.add_subcommand("add", "Add an entry, or replace the one of that name.");
    command.add_option("name", entry->name, "name of the entry")->required()->type_name("");
    command.add_option("task", entry->task, "name of the task")->required()->type_name("");
    command
        .add_option("schedule", entry->schedule,
                    "'every 90s' (ms, s, m, h, d), or 'crontab 0 4 * * mon-fri Europe/Moscow'")
        ->required()
        ->type_name("");
    command.add_option("-a,--args", entry->args, "arguments by position, a JSON array")->type_name("JSON");
    command.add_option("-k,--kwargs", entry->kwargs, "arguments by name, a JSON object")->type_name("JSON");
    command.add_option("--queue", entry->queue, "queue; else as the task is routed")->type_name("NAME");
    command.add_option("--priority", entry->priority, "0 (served first) to 9")
        ->check(whole_number(0, 9))
        ->type_name("N");
    command.add_option("--countdown", entry->countdown, "have workers wait so long after the slot")
        ->check(seconds_from(0))
        ->type_name("SECONDS");
    command.add_option("--expires", entry->expires, "not after so many seconds from when it was sent")
        ->check(seconds_from(0))
        ->type_name("SECONDS");
    command
        .add_option("--catch-up", entry->catch_up,
                    "what was missed without any beat runs once if it is no older; 0: never; else always")
        ->check(seconds_from(0))
        ->type_name("SECONDS");
    command.callback([=] { invocation->run = [=] { return put_entry(*invocation->app, *entry); }; });
}

using EntryAction = int (*)(App&, const std::string&);

void add_beat_action(CLI::App& beat, Invocation* invocation, const char* name, const char* summary,
                     EntryAction action) {
    auto entry = std::make_shared<std::string>();
    auto& command = *beat.add_subcommand(name, summary);
    command.add_option("name", *entry, "name of the entry")->required()->type_name("");
    command.callback([=] { invocation->run = [=] { return action(*invocation->app, *entry); }; });
}

void add_entry_commands(CLI::App& beat, Invocation* invocation) {
    add_beat_list(beat, invocation);
    add_beat_add(beat, invocation);
    add_beat_action(beat, invocation, "pause", "Have an entry's slots pass.", &pause_entry);
    add_beat_action(beat, invocation, "resume", "Send an entry's slots again, from the next one on.",
                    &resume_entry);
    add_beat_action(beat, invocation, "remove", "Remove an entry.", &remove_entry);
    add_beat_action(beat, invocation, "run", "Send an entry's task now; its slots stay as they are.", &run_entry);
}

}  // namespace

void add_beat_entries(CLI::App& root, Invocation* invocation) {
    auto& beat = *root.add_subcommand("beat", "Look at the entries of beats, and change them.");
    beat.require_subcommand(0, 1);
    add_entry_commands(beat, invocation);
}

void add_beat(CLI::App& root, Invocation* invocation) {
    auto arguments = std::make_shared<BeatArguments>();
    auto& beat = *root.add_subcommand("beat", "Send periodic tasks until SIGTERM or Ctrl-C; any number may run.");
    beat.require_subcommand(0, 1);
    add_log_options(beat, &arguments->log);
    beat.add_option("--lease", arguments->lease_seconds,
                    "seconds without a sign of life after which another beat takes over")
        ->check(seconds_from(0.1, 86'400))
        ->type_name("SECONDS")
        ->capture_default_str();
    add_entry_commands(beat, invocation);
    // Called for the commands below it, too.
    beat.callback([=, &beat] {
        if (beat.get_subcommands().empty())
            invocation->run = [=] { return start_beat(*invocation->app, *arguments); };
    });
}

}  // namespace samovar::commands
