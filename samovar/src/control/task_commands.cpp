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

/// Shows the tasks of one answer.
class Exhibition {
public:
    explicit Exhibition(Shower by) : by_(std::move(by)) {}

    Value show(const TaskInfo& task) {
        shown_ += task.message.body.text.size();
        by_.safe |= shown_ > most_shown_bytes;
        return to_value(task, by_);
    }

    Value show(const std::vector<TaskInfo>& tasks) {
        Array list;
        for (const auto& task : tasks) list.push_back(show(task));
        return list;
    }

private:
    Shower by_;
    std::size_t shown_ = 0;
};

asio::awaitable<Answer> active(Panel panel, Object arguments) {
    co_return Exhibition{shower(panel, flag(arguments, "safe"))}.show(panel.node->active());
}

asio::awaitable<Answer> reserved(Panel panel, Object) {
    co_return Exhibition{shower(panel)}.show(panel.node->reserved());
}

void add_known(Object& known, const std::vector<TaskInfo>& tasks, const std::set<std::string>& ids,
               const char* state, Exhibition& exhibition) {
    for (const auto& task : tasks)
        if (ids.contains(task.message.id)) known.set(task.message.id, Array{state, exhibition.show(task)});
}

asio::awaitable<Answer> query_task(Panel panel, Object arguments) {
    const auto asked = texts(arguments, "ids");
    const std::set<std::string> ids{asked.begin(), asked.end()};
    Object known;
    Exhibition exhibition{shower(panel)};
    add_known(known, panel.node->reserved(), ids, "reserved", exhibition);
    add_known(known, panel.node->active(), ids, "active", exhibition);
    co_return known;
}

// A revoked task is taken out of the store, so no worker has a list of them.
asio::awaitable<Answer> revoked(Panel, Object) { co_return Array{}; }

Value timer_entry(WallTime eta, Value request) {
    return Object{
        {"eta", message::format_time(eta)}, {"priority", timer_priority}, {"request", std::move(request)}};
}

TaskInfo read_waiting(const Panel& panel, const broker::DelayedMessage& delayed) {
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
    return info;
}

// Told by an entry that looks like all others: programs that print or count them go on working.
Value more_waiting(const Panel& panel, WallTime last_listed, std::size_t count) {
    TaskInfo note;
    note.message.task = fmt::format("... and {} more: `delayed list` shows all", count);
    return timer_entry(last_listed, to_value(note, shower(panel, true)));
}

asio::awaitable<Answer> scheduled(Panel panel, Object) {
    const auto delayed = co_await panel.node->delayed();
    // Another program's tasks: whether their arguments may be seen is not known here, their reprs say what may.
    Exhibition ours{shower(panel)}, others{shower(panel, true)};
    Array list;
    for (const auto& message : delayed.messages) {
        const auto task = read_waiting(panel, message);
        list.push_back(timer_entry(message.due, (task.definition ? ours : others).show(task)));
    }
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
