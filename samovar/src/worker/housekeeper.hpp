// What keeps a worker alive in the eyes of others, and the store tidy: on a thread and a connection of its own.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include <samovar/options.hpp>

#include <boost/asio/awaitable.hpp>

#include "broker/broker.hpp"
#include "control/node.hpp"
#include "core/store_clock.hpp"
#include "task/app_impl.hpp"
#include "worker/job.hpp"
#include "worker/reaper_gate.hpp"

namespace samovar::worker {

struct HousekeeperOptions {
    std::string node;
    std::chrono::milliseconds lease{10'000};
    std::chrono::hours dead_letter_life{0};
    std::chrono::seconds visibility_timeout{3'600};
};

/// Renews the lease three times in its length, whatever handlers or the event loop do; reaps dead workers once it
/// has the right to; promotes delayed messages while it holds that lease; and now and then expires dead letters,
/// restores what Python workers left, and keeps kombu's sweep away from what this worker holds.
///
/// Threads: the constructor starts a thread; every member from any thread.
class Housekeeper {
public:
    Housekeeper(const task::AppImpl& app, HousekeeperOptions options, Registration& registration,
                StoreClock& clock);
    ~Housekeeper();

    /// Called on the housekeeper's thread: after the first registration, or when the store refused that for good,
    /// with its reason, after which nothing is tried any more; after each renewal, with what it told.
    void on_registered(std::function<void()> handler);
    void on_refused(std::function<void(const std::string&)> handler);
    void on_renewed(std::function<void(const broker::Lease&)> handler);

    /// What is delayed, the earliest first, when this worker is the one that promotes it; else nothing. At most
    /// 1,000 tasks and 4 MiB. On the housekeeper's thread. Errors: redis::Error.
    boost::asio::awaitable<control::DelayedTasks> delayed();

    /// Answers remote control, too, on the same thread; `listening` is called there once it hears what is asked.
    /// Before start(). Lifetime: the node outlives this.
    void answer_for(control::Node& node, std::function<void()> listening);
    void start();
    /// Gives back what is still held, and, as the last worker, what is delayed; then takes this worker off the
    /// register. Returns when done, or when the store refuses it or cannot be reached within `at_most`, which the
    /// log tells.
    void leave(std::chrono::milliseconds at_most);

private:
    class Duties;
    std::unique_ptr<Duties> duties_;
};

}  // namespace samovar::worker
