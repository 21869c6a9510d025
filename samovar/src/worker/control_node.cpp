#include "worker/control_node.hpp"

#include <utility>

namespace samovar::worker {

ControlNode::ControlNode(control::NodeFacts facts, const JobQueue& queue, const RunningJobs& running,
                         const StoreClock& clock, Housekeeper& housekeeper, std::function<void()> shut_down)
    : facts_(std::move(facts)),
      queue_(queue),
      running_(running),
      clock_(clock),
      housekeeper_(housekeeper),
      shut_down_(std::move(shut_down)) {}

}  // namespace samovar::worker
