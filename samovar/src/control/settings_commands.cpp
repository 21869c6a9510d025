// conf, registered, active_queues.
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "control/commands.hpp"
#include "control/settings.hpp"

namespace samovar::control {
namespace {

asio::awaitable<Answer> conf(Panel panel, Object arguments) {
    co_return settings(panel.node->facts(), flag(arguments, "with_defaults"));
}

std::string python_bool(bool value) { return value ? "True" : "False"; }

// An attribute of Celery's task class as Python prints it; empty: the task has none of that name.
std::string attribute(const task::Definition& task, std::string_view name) {
    const auto& options = task.options;
    if (name == "name") return task.name;
    if (name == "rate_limit") return options.limit.rate;
    if (name == "max_retries") return std::to_string(options.retry.max);
    if (name == "acks_late") return python_bool(options.acks_late);
    if (name == "ignore_result") return python_bool(options.ignore_result);
    if (name == "queue") return options.queue;
    if (name == "priority") return std::to_string(options.priority);
    return {};
}

std::string describe_task(const task::Definition& task, const std::vector<std::string>& items) {
    std::vector<std::string> known;
    for (const auto& item : items)
        if (const auto text = attribute(task, item); !text.empty())
            known.push_back(fmt::format("{}={}", item, text));
    return known.empty() ? task.name : fmt::format("{} [{}]", task.name, fmt::join(known, " "));
}

asio::awaitable<Answer> registered(Panel panel, Object arguments) {
    auto items = texts(arguments, "taskinfoitems");
    if (items.empty()) items = {"rate_limit"};
    Array tasks;
    for (const auto& [name, task] : panel.node->facts().app->registry().all())
        if (!name.starts_with("celery.")) tasks.emplace_back(describe_task(task, items));
    co_return tasks;
}

// What Celery knows of a queue, most of which other brokers have.
Object describe_queue(const std::string& name) {
    return {{"name", name},
            {"exchange", Object{{"name", name},
                                {"type", "direct"},
                                {"arguments", nullptr},
                                {"durable", true},
                                {"passive", false},
                                {"auto_delete", false},
                                {"delivery_mode", nullptr},
                                {"no_declare", false}}},
            {"routing_key", name},
            {"queue_arguments", nullptr},
            {"binding_arguments", nullptr},
            {"consumer_arguments", nullptr},
            {"durable", true},
            {"exclusive", false},
            {"auto_delete", false},
            {"no_ack", false},
            {"alias", nullptr},
            {"bindings", Array{}},
            {"no_declare", nullptr},
            {"expires", nullptr},
            {"message_ttl", nullptr},
            {"max_length", nullptr},
            {"max_length_bytes", nullptr},
            {"max_priority", nullptr}};
}

asio::awaitable<Answer> active_queues(Panel panel, Object) {
    Array queues;
    for (const auto& name : panel.node->facts().queues) queues.emplace_back(describe_queue(name));
    co_return queues;
}

constexpr std::array about_settings{
    Command{"conf", "dump_conf", conf},
    Command{"registered", "dump_tasks", registered},
    Command{"active_queues", "", active_queues},
};

}  // namespace

std::span<const Command> settings_commands() { return about_settings; }

}  // namespace samovar::control
