// What keeps a worker alive in the eyes of others, and the store tidy: on a thread and a connection of its own.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/roles.hpp"
#include "control/node.hpp"
#include "core/store_clock.hpp"
#include "task/app_impl.hpp"
#include "worker/janitor.hpp"
#include "worker/job.hpp"
#include "worker/lease_keeper.hpp"

namespace samovar::worker {

struct UpkeepOptions {
    std::string node;
    JanitorOptions cleaning;
};

/// Runs the lease keeper, and once that is registered the promoter, the reaper, the janitor and the mailbox,
/// whatever handlers or the worker's event loop do.
///
/// Threads: start() starts one; every member from any thread. Lifetime: what it is given outlives it.
class Upkeep {
public:
    Upkeep(const task::AppImpl& app, UpkeepOptions options, Registration& registration, StoreClock& clock,
           Roles& roles);
    ~Upkeep();

    /// As Promoter::delayed(), for the node that answers remote control.
    boost::asio::awaitable<control::DelayedTasks> delayed();

    /// Answers remote control, too; `listening` is called on its thread once it hears what is asked. Before
    /// start().
    void answer_for(control::Node& node, std::function<void()> listening);
    /// The handlers are called on its thread.
    void start(LeaseKeeper::Handlers handlers);
    /// Gives back what is still held, and, as the last worker, what is delayed; then takes this worker off the
    /// register. Returns when done, or when the store refuses it or cannot be reached within `at_most`, which the
    /// log tells.
    void leave(std::chrono::milliseconds at_most);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace samovar::worker
