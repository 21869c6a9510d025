// A store with brokers on it, as the broker's tests see it: the same for Redis and for memory.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/broker.hpp"
#include "broker/memory_state.hpp"
#include "broker/script_set.hpp"
#include "support/loop.hpp"

namespace samovar::broker {

enum class Store { memory, redis, redis_with_prefix, redis_with_result_database, redis_with_result_server };

std::string name(Store store);

/// A reservation as it is stored.
struct HeldView {
    std::string id;
    Held::Mark mark;
    Route route;
    std::string envelope;
    bool operator==(const HeldView&) const = default;
};

struct DelayedView {
    WallTime due;
    Route route;
    std::string envelope;
};

/// What a store holds at one moment.
struct View {
    /// The consuming end first.
    std::map<Route, std::vector<std::string>, RouteOrder> queues;
    /// By due time.
    std::vector<DelayedView> delayed;
    /// By incarnation, in the order of reservation.
    std::map<std::string, std::vector<HeldView>> held;
    /// By time of death.
    std::vector<DeadLetter> dead;
    std::vector<std::string> dead_envelopes;
    /// Deaths of each suspect, ascending.
    std::vector<int> suspects;
    /// Registered incarnations.
    std::vector<std::string> workers;

    /// Every message that is somewhere, sorted, as often as it is there.
    std::vector<std::string> messages() const;
};

class World {
public:
    virtual ~World() = default;

    /// One more process on the same store.
    virtual std::unique_ptr<Broker> connect() = 0;
    virtual View view() = 0;
    /// What happens when a worker has not renewed its lease in time.
    virtual void end_lease(const Identity& who) = 0;
    /// Moves what is delayed and what is dead into the past by that much.
    virtual void advance(std::chrono::seconds by) = 0;
    virtual WallTime now() = 0;
    virtual std::optional<std::string> result(const std::string& task_id) = 0;
    virtual void forget_everything() = 0;

    template <class T>
    T run(asio::awaitable<T> coroutine) {
        return loop.run(std::move(coroutine));
    }

    testing::Loop loop;
};

/// `with`: the scripts to use, where there are any. Lifetime: outlives the world.
std::unique_ptr<World> make_world(Store store, const ScriptSet* with = nullptr);

/// A message that both generations would take for one; the same for the same id.
std::string envelope(const std::string& id);

}  // namespace samovar::broker
