// This worker, for remote control.
#pragma once

#include <functional>
#include <utility>

#include "control/node.hpp"
#include "core/store_clock.hpp"
#include "worker/job_queue.hpp"
#include "worker/running_jobs.hpp"
#include "worker/upkeep.hpp"

namespace samovar::worker {

/// Lifetime: what it looks at outlives it.
class ControlNode final : public control::Node {
public:
    /// `shut_down` may be called from any thread.
    ControlNode(control::NodeFacts facts, const JobQueue& queue, const RunningJobs& running,
                const StoreClock& clock, Upkeep& upkeep, std::function<void()> shut_down)
        : facts_(std::move(facts)),
          queue_(queue),
          running_(running),
          clock_(clock),
          upkeep_(upkeep),
          shut_down_(std::move(shut_down)) {}

    const control::NodeFacts& facts() const override { return facts_; }
    std::vector<control::TaskInfo> active() const override { return running_.list(clock_); }
    std::vector<control::TaskInfo> reserved() const override { return queue_.unstarted_tasks(); }
    control::asio::awaitable<control::DelayedTasks> delayed() override { return upkeep_.delayed(); }
    void shut_down() override { shut_down_(); }

private:
    const control::NodeFacts facts_;
    const JobQueue& queue_;
    const RunningJobs& running_;
    const StoreClock& clock_;
    Upkeep& upkeep_;
    const std::function<void()> shut_down_;
};

}  // namespace samovar::worker
