// What may be asked of a worker: Celery's inspect commands, and shutdown. No I/O of their own.
#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include <samovar/value.hpp>

#include "control/lamport_clock.hpp"
#include "control/node.hpp"

namespace samovar::control {

/// What a command works on. Lifetime: both outlive it.
struct Panel {
    Node* node;
    LamportClock* clock;
};

/// nullopt: there is no answer. Errors: BadArgument; what the node throws.
using Answer = std::optional<Value>;

struct Command {
    std::string_view name;
    /// Celery's older name; empty: none.
    std::string_view alias;
    asio::awaitable<Answer> (*run)(Panel panel, Object arguments);
};

/// Names the argument and what is allowed.
class BadArgument : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

/// By name or alias; nullptr: there is none.
const Command* find_command(std::string_view name);

/// Runs the command of that name. What goes wrong is Celery's {"error": "..."}; nothing is thrown.
asio::awaitable<Answer> execute(Panel panel, std::string method, Object arguments);

std::span<const Command> task_commands();
std::span<const Command> node_commands();
std::span<const Command> settings_commands();

/// Absent and null are false. Errors: BadArgument.
bool flag(const Object& arguments, std::string_view name);
/// Absent and null are empty; a single text is a list of one. Errors: BadArgument.
std::vector<std::string> texts(const Object& arguments, std::string_view name);

}  // namespace samovar::control
