// A message that this worker reserved, read and able to run.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "broker/broker.hpp"
#include "message/envelope.hpp"
#include "task/definition.hpp"

namespace samovar::worker {

/// One registration of this worker. A worker that was taken for dead goes on under a new one; what it reserved
/// under the old one belongs to others.
struct Epoch {
    broker::Identity identity;
    /// Tells handlers that nothing they do will be recorded any more.
    std::stop_source stop;
};

struct Job {
    std::shared_ptr<Epoch> epoch;
    std::string reservation;
    broker::Route route;
    bool suspect = false;
    std::string fingerprint;
    message::TaskMessage message;
    /// Lifetime: the registry's.
    const task::Definition* definition = nullptr;
    /// All have to have room before it starts.
    std::vector<broker::Limit> limits;

    bool is_coroutine() const { return std::holds_alternative<task::CoroutineHandler>(definition->handler); }
    /// The store has to be asked before the handler starts.
    bool needs_mark() const { return suspect || !definition->options.acks_late || !limits.empty(); }
};

}  // namespace samovar::worker
