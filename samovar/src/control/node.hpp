// A worker as remote control sees it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include <samovar/clock.hpp>
#include <samovar/options.hpp>

#include "broker/broker.hpp"
#include "control/task_info.hpp"
#include "task/app_impl.hpp"

namespace samovar::control {

namespace asio = boost::asio;

/// What does not change while a worker runs.
struct NodeFacts {
    /// "name@host".
    std::string name;
    std::uint32_t pid = 0;
    unsigned concurrency = 0;
    std::vector<std::string> queues;
    WorkerOptions options;
    SteadyTime started{};
    /// Lifetime: outlives the node.
    const task::AppImpl* app = nullptr;
};

/// The delayed tasks that one worker answers for.
struct DelayedTasks {
    std::vector<broker::DelayedMessage> messages;
    /// So many more are not among them.
    std::size_t more = 0;
};

/// Threads: calls come from the mailbox's executor.
class Node {
public:
    virtual ~Node() = default;
    virtual const NodeFacts& facts() const = 0;
    /// What runs now.
    virtual std::vector<TaskInfo> active() const = 0;
    /// What was fetched and has not started, in the order of its fetching.
    virtual std::vector<TaskInfo> reserved() const = 0;
    /// The earliest first, when this worker is the one that answers for what waits in the store; else nothing.
    /// Errors: redis::Error.
    virtual asio::awaitable<DelayedTasks> delayed() = 0;
    /// Begins a warm shutdown and returns; does nothing when one is under way.
    virtual void shut_down() = 0;
};

}  // namespace samovar::control
