#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <samovar/app.hpp>
#include <samovar/inspect.hpp>
#include <samovar/json.hpp>

#include "cli/command.hpp"
#include "message/time_text.hpp"

namespace samovar::commands {
namespace {

/// Page by page, so that any number takes little memory.
void each_delayed(App& app, const std::function<void(const DelayedTask&)>& see) {
    Inspector inspector{app};
    for (std::optional<std::size_t> rank = 0; rank;) {
        const auto page = inspector.delayed(*rank);
        for (const auto& task : page.tasks) see(task);
        rank = page.next;
    }
}

using Action = std::size_t (Inspector::*)(std::string);

Value delayed_json(const DelayedTask& task) {
    return Object{
        {"id", task.id},           {"task", task.task},
        {"queue", task.queue},     {"due", message::format_time(task.due)},
        {"retries", task.retries}, {"member", task.member},
    };
}

int list_delayed_json(App& app) {
    Array all;
    each_delayed(app, [&](const DelayedTask& task) { all.push_back(delayed_json(task)); });
    print_line(json::dump_compact(all));
    return 0;
}

int list_delayed_lines(App& app) {
    each_delayed(app, [](const DelayedTask& task) {
        print_line(fmt::format("{}  {}  {}  {}{}", message::format_time(task.due),
                               task.id.empty() ? task.member : task.id,
                               task.task.empty() ? "(unreadable)" : task.task, task.queue,
                               task.retries > 0 ? fmt::format("  retry {}", task.retries) : ""));
    });
    return 0;
}

/// Does it to each id, and fails in the end if one of them was not delayed.
int to_each(App& app, const std::vector<std::string>& ids, Action action, std::string_view done) {
    Inspector inspector{app};
    int code = 0;
    for (const auto& id : ids) {
        if ((inspector.*action)(id) > 0) {
            print_line(fmt::format("{} {}", id, done));
        } else {
            print_error(fmt::format("{} is not delayed", id));
            code = 1;
        }
    }
    return code;
}

void add_delayed_list(CLI::App& delayed, Invocation* invocation) {
    auto as_json = std::make_shared<bool>(false);
    auto& command = *delayed.add_subcommand("list", "Delayed tasks, the earliest first.");
    command.add_flag("--json", *as_json, "an array of {id, task, queue, due, retries, member}");
    command.callback([=] {
        invocation->run = [=] {
            return *as_json ? list_delayed_json(*invocation->app) : list_delayed_lines(*invocation->app);
        };
    });
}

void add_delayed_action(CLI::App& delayed, Invocation* invocation, const std::string& name,
                        const std::string& help, Action action, std::string done) {
    auto ids = std::make_shared<std::vector<std::string>>();
    auto& command = *delayed.add_subcommand(name, help);
    command.add_option("ids", *ids, "ids of tasks")->required()->type_name("");
    command.callback([=] { invocation->run = [=] { return to_each(*invocation->app, *ids, action, done); }; });
}

}  // namespace

void add_delayed(CLI::App& root, Invocation* invocation) {
    auto& delayed = *root.add_subcommand("delayed", "Tasks that wait for their time, for a retry or for a limit.");
    delayed.require_subcommand(0, 1);
    add_delayed_list(delayed, invocation);
    add_delayed_action(delayed, invocation, "cancel", "Remove delayed tasks; their result is REVOKED.",
                       &Inspector::cancel, "is cancelled");
    add_delayed_action(delayed, invocation, "run-now", "Move delayed tasks to their queues, to be taken next.",
                       &Inspector::run_now, "is in its queue");
}

}  // namespace samovar::commands
