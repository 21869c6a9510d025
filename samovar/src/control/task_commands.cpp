// active, reserved, scheduled, query_task, revoked.
#include <array>
#include <set>

#include <fmt/format.h>

#include "control/commands.hpp"
#include "message/envelope.hpp"
#include "message/time_text.hpp"

namespace samovar::control {
namespace {

// Celery gives what waits for its time this priority in its timer.
constexpr int timer_priority = 6;

Shower shower(const Panel& panel, bool safe = false) {
    const auto& facts = panel.node->facts();
    return {.node = facts.name, .pid = facts.pid, .safe = safe};
}

// Arguments of many tasks together; beyond that they come as their repr.
constexpr std::size_t most_shown_bytes = std::size_t{4} << 20;

Value to_list(const std::vector<TaskInfo>& tasks, Shower by) {
    Array list;
    std::size_t shown = 0;
    for (const auto& task : tasks) {
        shown += task.message.body.text.size();
        by.safe |= shown > most_shown_bytes;
        list.push_back(to_value(task, by));
    }
    return list;
}

asio::awaitable<Answer> active(Panel panel, Object arguments) {
    co_return to_list(panel.node->active(), shower(panel, flag(arguments, "safe")));
}

asio::awaitable<Answer> reserved(Panel panel, Object) { co_return to_list(panel.node->reserved(), shower(panel)); }

void add_known(Object& known, const std::vector<TaskInfo>& tasks, const std::set<std::string>& ids,
               const char* state, const Shower& by) {
    for (const auto& task : tasks)
        if (ids.contains(task.message.id)) known.set(task.message.id, Array{state, to_value(task, by)});
}

asio::awaitable<Answer> query_task(Panel panel, Object arguments) {
    const auto asked = texts(arguments, "ids");
    const std::set<std::string> ids{asked.begin(), asked.end()};
    Object known;
    add_known(known, panel.node->reserved(), ids, "reserved", shower(panel));
    add_known(known, panel.node->active(), ids, "active", shower(panel));
    co_return known;
}

// A revoked task is taken out of the store, so no worker has a list of them.
asio::awaitable<Answer> revoked(Panel, Object) { co_return Array{}; }

Value timer_entry(WallTime eta, Value request) {
    return Object{
        {"eta", message::format_time(eta)}, {"priority", timer_priority}, {"request", std::move(request)}};
}

Value waiting(const Panel& panel, const broker::DelayedMessage& delayed) {
    TaskInfo info;
    try {
        info.message = message::decode(delayed.envelope);
        info.definition = panel.node->facts().app->registry().find(info.message.task);
    } catch (const message::DecodeError& error) {
        // It goes to the dead letters when a worker takes it; until then it is listed.
        info.message.id = error.id();
        info.message.task = error.task();
        info.message.delivery_info.routing_key = delayed.route.queue;
    }
    return timer_entry(delayed.due, to_value(info, shower(panel)));
}

// Told by an entry that looks like all others: programs that print or count them go on working.
Value more_waiting(const Panel& panel, WallTime last_listed, std::size_t count) {
    TaskInfo note;
    note.message.task = fmt::format("... and {} more: `delayed list` shows all", count);
    return timer_entry(last_listed, to_value(note, shower(panel, true)));
}

asio::awaitable<Answer> scheduled(Panel panel, Object) {
    const auto delayed = co_await panel.node->delayed();
    Array list;
    for (const auto& message : delayed.messages) list.push_back(waiting(panel, message));
    if (delayed.more > 0) list.push_back(more_waiting(panel, delayed.messages.back().due, delayed.more));
    co_return list;
}

constexpr std::array about_tasks{
    Command{"active", "dump_active", active},         Command{"reserved", "dump_reserved", reserved},
    Command{"scheduled", "dump_schedule", scheduled}, Command{"query_task", "", query_task},
    Command{"revoked", "dump_revoked", revoked},
};

}  // namespace

std::span<const Command> task_commands() { return about_tasks; }

}  // namespace samovar::control
