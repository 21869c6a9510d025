// A message that this worker reserved, read and able to run.
#pragma once

#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>
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

/// Under which epoch this worker is registered at present. Threads: any.
class Registration {
public:
    std::shared_ptr<Epoch> current() const {
        const std::lock_guard lock{mutex_};
        return epoch_;
    }
    /// Replaces the epoch and tells what runs under the old one to stop.
    void replace(std::shared_ptr<Epoch> epoch) {
        std::shared_ptr<Epoch> old;
        {
            const std::lock_guard lock{mutex_};
            old = std::exchange(epoch_, std::move(epoch));
        }
        if (old) old->stop.request_stop();
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<Epoch> epoch_;
};

}  // namespace samovar::worker
