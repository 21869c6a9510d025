#include "cli/beat_entries.hpp"

#include <fmt/format.h>
#include <samovar/app.hpp>
#include <samovar/error.hpp>
#include <samovar/json.hpp>

#include "base/io_thread.hpp"
#include "beat/entry_document.hpp"
#include "beat/store.hpp"
#include "cli/command.hpp"
#include "message/time_text.hpp"
#include "task/app_impl.hpp"

namespace samovar::commands {
namespace {

using beat::StoredEntry;

/// Beat's entries, and the thread that serves this command.
class EntryDesk {
public:
    explicit EntryDesk(App& app)
        : store_(thread_.own(std::make_unique<beat::Store>(app.impl(), thread_.executor()))) {}

    std::vector<StoredEntry> list() { return thread_.run(store_->load()).entries; }
    beat::Put put(beat::Definition entry) { return thread_.run(store_->put(std::move(entry))); }
    beat::Removed remove(const std::string& name) { return thread_.run(store_->remove(name)); }
    bool pause(const std::string& name, bool pausing) { return thread_.run(store_->pause(name, pausing)); }

private:
    IoThread thread_;
    IoThread::Owned<beat::Store> store_;
};

[[noreturn]] void refuse_unknown(const std::string& name) {
    throw std::runtime_error("there is no beat entry " + name);
}

[[noreturn]] void refuse_code(const std::string& name) {
    throw std::runtime_error("beat entry " + name + " comes from the program's code; it can only be paused");
}

/// An entry as it is shown.
struct Shown {
    std::string schedule;
    std::string task;
    std::string next;
    std::string last;
    /// Why it is not sent; empty: it is.
    std::string problem;
};

std::string last_time(const std::string& record) {
    if (record.empty()) return {};
    const auto content = json::parse(record);
    const auto* at = content.find("at");
    return at && at->if_string() ? *at->if_string() : std::string{};
}

Shown show(const StoredEntry& entry) {
    Shown shown;
    if (entry.due) shown.next = message::format_time(*entry.due);
    shown.last = last_time(entry.last);
    try {
        const auto read = beat::read_entry(entry.definition.name, entry.definition.text);
        shown.schedule = read.schedule.text();
        shown.task = read.call.task;
    } catch (const ConfigurationError& error) {
        shown.problem = error.what();
    }
    return shown;
}

Value text_or_null(std::string text) { return text.empty() ? Value{} : Value{std::move(text)}; }

Value entry_json(const StoredEntry& entry) {
    auto shown = show(entry);
    return Object{
        {"name", entry.definition.name},
        {"schedule", text_or_null(std::move(shown.schedule))},
        {"task", text_or_null(std::move(shown.task))},
        {"next", text_or_null(std::move(shown.next))},
        {"last", text_or_null(std::move(shown.last))},
        {"paused", entry.paused},
        {"from_code", entry.from_code},
        {"problem", text_or_null(std::move(shown.problem))},
    };
}

void print_entry(const StoredEntry& entry) {
    const auto shown = show(entry);
    if (!shown.problem.empty())
        return print_line(fmt::format("{}  broken: {}", entry.definition.name, shown.problem));
    print_line(fmt::format("{}  {}  {}  next {}  last {}{}", entry.definition.name, shown.schedule, shown.task,
                           entry.paused ? "paused" : (shown.next.empty() ? "when a beat runs" : shown.next),
                           shown.last.empty() ? "never" : shown.last, entry.from_code ? "  (from code)" : ""));
}

task::BeatEntry to_entry(const NewEntry& given) {
    task::BeatEntry entry{.name = given.name,
                          .schedule = parse_schedule(given.schedule),
                          .call = {.task = given.task,
                                   .args = parse_array_option("--args", given.args),
                                   .kwargs = parse_object_option("--kwargs", given.kwargs),
                                   .options = {.queue = given.queue,
                                               .countdown = to_milliseconds(given.countdown),
                                               .priority = given.priority}},
                          .options = {.expires = to_milliseconds(given.expires)}};
    if (given.catch_up) entry.options.catch_up = to_milliseconds(*given.catch_up);
    task::check(entry);
    return entry;
}

StoredEntry find_entry(App& app, const std::string& name) {
    for (auto& entry : EntryDesk{app}.list())
        if (entry.definition.name == name) return std::move(entry);
    refuse_unknown(name);
}

int set_paused(App& app, const std::string& name, bool pausing) {
    if (!EntryDesk{app}.pause(name, pausing)) refuse_unknown(name);
    print_line(fmt::format("{} is {}", name, pausing ? "paused" : "resumed"));
    return 0;
}

}  // namespace

int list_entries(App& app, bool as_json) {
    const auto entries = EntryDesk{app}.list();
    Array all;
    for (const auto& entry : entries) {
        if (as_json)
            all.push_back(entry_json(entry));
        else
            print_entry(entry);
    }
    if (as_json) print_line(json::dump_compact(all));
    return 0;
}

int put_entry(App& app, const NewEntry& given) {
    const auto entry = to_entry(given);
    const auto put = EntryDesk{app}.put({entry.name, beat::write_entry(entry)});
    if (put == beat::Put::from_code) refuse_code(entry.name);
    print_line(fmt::format("{} is {}", entry.name, put == beat::Put::added ? "added" : "replaced"));
    return 0;
}

int pause_entry(App& app, const std::string& name) { return set_paused(app, name, true); }
int resume_entry(App& app, const std::string& name) { return set_paused(app, name, false); }

int remove_entry(App& app, const std::string& name) {
    const auto removed = EntryDesk{app}.remove(name);
    if (removed == beat::Removed::unknown) refuse_unknown(name);
    if (removed == beat::Removed::from_code) refuse_code(name);
    print_line(name + " is removed");
    return 0;
}

int run_entry(App& app, const std::string& name) {
    const auto stored = find_entry(app, name);
    auto entry = beat::read_entry(name, stored.definition.text);
    auto& options = entry.call.options;
    options.headers.set("periodic_task_name", name);
    if (entry.options.expires.count() > 0) options.expires = app.impl().clock().now() + entry.options.expires;
    print_line(app.send(std::move(entry.call)).id());
    return 0;
}

}  // namespace samovar::commands
