// What to do with a message that was just reserved. No I/O.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "broker/broker.hpp"
#include "message/envelope.hpp"
#include "worker/job.hpp"

namespace samovar::worker {

/// A message that ends without running: the completion that ends it, and what the log says.
struct Dismissed {
    broker::Completion completion;
    std::string task_id;
    std::string task;
    /// "scheduled", "expired" or why it cannot run.
    std::string reason;
    /// It went to the dead letters.
    bool dead = false;
};

using Intake = std::variant<Job, Dismissed>;

/// Reads the envelope: a job, or an ETA in the future (it waits in the store), an expiry that has passed
/// (REVOKED), or a message that cannot be run (dead letter, and FAILURE where an id is readable). `now` is the
/// store's time.
Intake take_in(broker::Reserved reserved, std::shared_ptr<Epoch> epoch, const task::Registry& registry,
               const message::Bounds& bounds, WallTime now);

}  // namespace samovar::worker
