#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <samovar/app.hpp>
#include <samovar/inspect.hpp>
#include <samovar/json.hpp>

#include "cli/command.hpp"
#include "message/time_text.hpp"

namespace samovar::commands {
namespace {

/// Errors: std::runtime_error when there is none.
std::vector<DeadLetter> find_dead(Inspector& inspector, const std::string& id) {
    auto found = inspector.find_dead(id);
    if (found.empty()) throw std::runtime_error("there is no dead letter " + id);
    return found;
}

Value to_json(const DeadLetter& letter) {
    return Object{
        {"id", letter.id},
        {"task", letter.task},
        {"queue", letter.queue},
        {"reason", letter.reason},
        {"at", message::format_time(letter.at)},
        {"size", letter.size},
    };
}

int list_as_json(const std::vector<DeadLetter>& letters) {
    Array all;
    for (const auto& letter : letters) all.push_back(to_json(letter));
    print_line(json::dump_compact(all));
    return 0;
}

int list_as_table(const std::vector<DeadLetter>& letters) {
    for (const auto& letter : letters) {
        print_line(fmt::format("{}  {}  {}  {}  {} bytes  {}", letter.id, message::format_time(letter.at),
                               letter.task.empty() ? "(unreadable)" : letter.task, letter.queue, letter.size,
                               letter.reason));
    }
    return 0;
}

void print_letter(const DeadLetter& letter, const std::optional<std::string>& content) {
    print_line(
        fmt::format("id:     {}\nmember: {}\ntask:   {}\nqueue:  {}\nreason: {}\nat:     {}\nsize:   {}\n\n{}",
                    letter.id, letter.member, letter.task, letter.queue, letter.reason,
                    message::format_time(letter.at), letter.size, content.value_or("(gone meanwhile)")));
}

int show_all(App& app, const std::string& id) {
    Inspector inspector{app};
    for (const auto& letter : find_dead(inspector, id)) print_letter(letter, inspector.content(letter));
    return 0;
}

/// Finds all first, so that a mistyped id changes nothing.
std::vector<DeadLetter> find_each(Inspector& inspector, const std::vector<std::string>& ids) {
    std::vector<DeadLetter> letters;
    for (const auto& id : ids) {
        for (auto& letter : find_dead(inspector, id)) letters.push_back(std::move(letter));
    }
    return letters;
}

int retry_all(App& app, const std::vector<std::string>& ids, const std::string& queue) {
    Inspector inspector{app};
    for (const auto& letter : find_each(inspector, ids)) {
        if (!inspector.retry(letter, queue)) continue;
        print_line(fmt::format("{} is back in {}", letter.id, queue.empty() ? letter.queue : queue));
    }
    return 0;
}

int drop_all(App& app, const std::vector<std::string>& ids) {
    Inspector inspector{app};
    for (const auto& letter : find_each(inspector, ids)) {
        if (inspector.drop(letter)) print_line(letter.id + " is dropped");
    }
    return 0;
}

void add_list(CLI::App& dead, Invocation* invocation) {
    auto as_json = std::make_shared<bool>(false);
    auto& command = *dead.add_subcommand("list", "Dead letters, the oldest first.");
    command.add_flag("--json", *as_json, "an array of {id, task, queue, reason, at, size}");
    command.callback([=] {
        invocation->run = [=] {
            const auto letters = Inspector{*invocation->app}.dead_letters();
            return *as_json ? list_as_json(letters) : list_as_table(letters);
        };
    });
}

void add_show(CLI::App& dead, Invocation* invocation) {
    auto id = std::make_shared<std::string>();
    auto& command = *dead.add_subcommand("show", "One dead letter with its original bytes.");
    command.add_option("id", *id, "id of the task, or the letter's member name")->required()->type_name("");
    command.callback([=] { invocation->run = [=] { return show_all(*invocation->app, *id); }; });
}

void add_retry(CLI::App& dead, Invocation* invocation) {
    auto ids = std::make_shared<std::vector<std::string>>();
    auto queue = std::make_shared<std::string>();
    auto& command = *dead.add_subcommand("retry", "Put dead letters back into their queues.");
    command.add_option("ids", *ids, "ids of tasks, or member names")->required()->type_name("");
    command.add_option("--queue", *queue, "another queue than the one they came from")->type_name("NAME");
    command.callback([=] { invocation->run = [=] { return retry_all(*invocation->app, *ids, *queue); }; });
}

void add_drop(CLI::App& dead, Invocation* invocation) {
    auto ids = std::make_shared<std::vector<std::string>>();
    auto& command = *dead.add_subcommand("drop", "Delete dead letters.");
    command.add_option("ids", *ids, "ids of tasks, or member names")->required()->type_name("");
    command.callback([=] { invocation->run = [=] { return drop_all(*invocation->app, *ids); }; });
}

}  // namespace

void add_dead(CLI::App& root, Invocation* invocation) {
    auto& dead = *root.add_subcommand("dead", "Messages that could not be run, or that killed their workers.");
    dead.require_subcommand(0, 1);
    add_list(dead, invocation);
    add_show(dead, invocation);
    add_retry(dead, invocation);
    add_drop(dead, invocation);
}

}  // namespace samovar::commands
