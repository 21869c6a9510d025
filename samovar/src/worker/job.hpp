// A message that this worker reserved, read and able to run.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
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
#include "worker/open_reservations.hpp"

namespace samovar::worker {

/// One registration of this worker. A worker that was taken for dead goes on under a new one; what it reserved
/// under the old one belongs to others.
struct Epoch {
    broker::Identity identity;
    /// Tells handlers that nothing they do will be recorded any more: the worker was taken for dead, or leaves.
    std::stop_source stop;
    /// The same for those that were acknowledged early, which nobody else gets: the worker leaves.
    std::stop_source stop_acknowledged;
    OpenReservations open;
    /// The lease does not end before this.
    std::atomic<SteadyTime> lease_end{};
    /// Up to this place the store knows that jobs may start; see broker::place_of().
    std::atomic<std::uint64_t> may_start{0};

    /// On the event loop.
    void now_may_start(std::uint64_t place) { may_start = std::max(place, may_start.load()); }

    /// Others may have taken what this worker reserved: it asks before it starts any of it.
    bool doubtful(SteadyTime now) const { return stop.stop_requested() || now > lease_end.load(); }
};

struct Job {
    std::shared_ptr<Epoch> epoch;
    std::string reservation;
    /// Of the reservation, among all of its epoch.
    std::uint64_t place = 0;
    broker::Route route;
    bool suspect = false;
    std::string fingerprint;
    message::TaskMessage message;
    /// Lifetime: the registry's.
    const task::Definition* definition = nullptr;
    /// All have to have room before it starts.
    std::vector<broker::Limit> limits;
    /// What the store gave it when it let it start.
    std::uint64_t fence = 0;

    bool is_coroutine() const { return std::holds_alternative<task::CoroutineHandler>(definition->handler); }
    bool acknowledged_early() const { return !definition->options.acks_late; }
    /// Only the store can let it start.
    bool has_to_ask(SteadyTime now) const {
        return suspect || acknowledged_early() || !limits.empty() || place > epoch->may_start.load() ||
               epoch->doubtful(now);
    }
    /// Nothing but its early acknowledgement is asked for.
    bool may_ride(const std::shared_ptr<Epoch>& with) const {
        return epoch == with && acknowledged_early() && !suspect && limits.empty();
    }
    /// It was let start, and others may have it by now. Nobody gets what was acknowledged.
    bool in_doubt(SteadyTime now) const { return !acknowledged_early() && epoch->doubtful(now); }
    std::stop_token stop_token() const {
        return (acknowledged_early() ? epoch->stop_acknowledged : epoch->stop).get_token();
    }
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
