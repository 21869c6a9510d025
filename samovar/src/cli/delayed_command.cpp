#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <samovar/app.hpp>
#include <samovar/json.hpp>

#include "base/io_thread.hpp"
#include "cli/command.hpp"
#include "inspect/delayed.hpp"
#include "message/time_text.hpp"
#include "task/app_impl.hpp"

namespace samovar::commands {
namespace {

using inspect::DelayedTask;

constexpr std::size_t delayed_page_size = 500;

/// The broker of this command, and the thread that serves it.
class Shelf {
public:
    explicit Shelf(App& app)
        : now_(app.impl().clock().now()),
          broker_(thread_.own(app.impl().make_broker(thread_.executor(), app.name() + "-delayed"))),
          delayed_(*broker_) {}

    /// Page by page, so that any number takes little memory.
    void each(const std::function<void(const DelayedTask&)>& see) {
        for (std::optional<std::size_t> rank = 0; rank;) {
            const auto page = thread_.run(delayed_.page(*rank, delayed_page_size));
            for (const auto& task : page.tasks) see(task);
            rank = page.next;
        }
    }
    std::size_t cancel(const std::string& id) { return thread_.run(delayed_.cancel(id, now_)); }
    std::size_t run_now(const std::string& id) { return thread_.run(delayed_.run_now(id)); }

private:
    IoThread thread_;
    const WallTime now_;
    IoThread::Owned<broker::Broker> broker_;
    inspect::Delayed delayed_;
};

Value delayed_json(const DelayedTask& task) {
    return Object{
        {"id", task.id},           {"task", task.task},
        {"queue", task.queue},     {"due", message::format_time(task.due)},
        {"retries", task.retries}, {"member", task.member},
    };
}

int list_delayed_json(App& app) {
    Array all;
    Shelf{app}.each([&](const DelayedTask& task) { all.push_back(delayed_json(task)); });
    print_line(json::dump_compact(all));
    return 0;
}

int list_delayed_lines(App& app) {
    Shelf{app}.each([](const DelayedTask& task) {
        print_line(fmt::format("{}  {}  {}  {}{}", message::format_time(task.due),
                               task.id.empty() ? task.member : task.id,
                               task.task.empty() ? "(unreadable)" : task.task, task.queue,
                               task.retries > 0 ? fmt::format("  retry {}", task.retries) : ""));
    });
    return 0;
}

/// Does it to each id, and fails in the end if one of them was not delayed.
int to_each(App& app, const std::vector<std::string>& ids, std::size_t (Shelf::*action)(const std::string&),
            std::string_view done) {
    Shelf shelf{app};
    int code = 0;
    for (const auto& id : ids) {
        if ((shelf.*action)(id) > 0) {
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
                        const std::string& help, std::size_t (Shelf::*action)(const std::string&),
                        std::string done) {
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
                       &Shelf::cancel, "is cancelled");
    add_delayed_action(delayed, invocation, "run-now", "Move delayed tasks to their queues, to be taken next.",
                       &Shelf::run_now, "is in its queue");
}

}  // namespace samovar::commands
