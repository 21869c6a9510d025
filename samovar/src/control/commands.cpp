#include "control/commands.hpp"

#include <fmt/format.h>

#include <samovar/log.hpp>

#include "base/reason.hpp"
#include "message/safe_repr.hpp"

namespace samovar::control {
namespace {

// Of a foreign name in an answer.
constexpr std::size_t longest_name = 256;

Value error_value(std::string text) { return Object{{"error", std::move(text)}}; }

[[noreturn]] void bad_argument(std::string_view name, std::string_view allowed) {
    throw BadArgument{fmt::format("{}: must be {}", name, allowed)};
}

}  // namespace

const Command* find_command(std::string_view name) {
    for (const auto group : {task_commands(), node_commands(), settings_commands()})
        for (const auto& command : group)
            if (command.name == name || (!name.empty() && command.alias == name)) return &command;
    return nullptr;
}

asio::awaitable<Answer> execute(Panel panel, std::string method, Object arguments) {
    const auto* command = find_command(method);
    // Celery's own words for it.
    if (!command)
        co_return error_value(fmt::format("KeyError({})", message::safe_repr(Value{method}, longest_name)));
    try {
        co_return co_await command->run(panel, std::move(arguments));
    } catch (const std::exception& error) {
        const auto reason = reason_of(error);
        log::warning(fmt::format("remote control: {} failed: {}", command->name, reason));
        co_return error_value(reason);
    }
}

bool flag(const Object& arguments, std::string_view name) {
    const Value* value = arguments.find(name);
    if (!value || value->is_null()) return false;
    if (!value->if_bool()) bad_argument(name, "true, false or null");
    return *value->if_bool();
}

std::vector<std::string> texts(const Object& arguments, std::string_view name) {
    const Value* value = arguments.find(name);
    if (!value || value->is_null()) return {};
    if (const auto* one = value->if_string()) return {*one};
    if (!value->if_array()) bad_argument(name, "an array of strings or null");
    std::vector<std::string> all;
    for (const Value& element : *value->if_array()) {
        if (!element.if_string()) bad_argument(name, "an array of strings or null");
        all.push_back(*element.if_string());
    }
    return all;
}

}  // namespace samovar::control
