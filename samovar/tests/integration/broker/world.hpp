// A store with brokers on it, as the broker's tests see it: the same for Redis and for memory.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "broker/broker.hpp"
#include "broker/memory_state.hpp"
#include "broker/script_set.hpp"

namespace samovar::testing {
class Loop;
}

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

/// All of it but times, fingerprints and the names of dead letters, one line each: equal texts are equal views.
std::string describe(const View& view);

class World {
public:
    World();
    virtual ~World();

    /// One more process on the same store.
    virtual std::unique_ptr<Broker> connect() = 0;
    virtual View view() = 0;
    /// What happens when a worker has not renewed its lease in time.
    virtual void end_lease(const Identity& who) = 0;
    /// Moves what is delayed and what is dead into the past by that much.
    virtual void advance(std::chrono::seconds by) = 0;
    /// advance() has moved now(), too.
    virtual bool moves_the_clock() const = 0;
    virtual WallTime now() = 0;
    /// Of somebody who has seen the store for longer than any lease here lasts.
    Sight sight() {
        return {.seen = now(), .good_for = std::chrono::hours{1}, .clear_for = std::chrono::hours{100'000'000}};
    }
    virtual std::optional<std::string> result(const std::string& task_id) = 0;
    virtual void forget_everything() = 0;

    /// Runs the coroutine to its end. Errors: what it throws; std::runtime_error when it hangs.
    void run(asio::awaitable<void> coroutine);
    template <class T>
    T run(asio::awaitable<T> coroutine) {
        std::optional<T> result;
        run(keep(std::move(coroutine), &result));
        return std::move(*result);
    }
    /// Starts it; it runs while one of the others does. Sets `done` at its end.
    void start(asio::awaitable<void> coroutine, bool& done);
    /// Runs what was started until the condition holds. Errors: std::runtime_error when it never does.
    void until(const std::function<bool()>& condition);
    asio::any_io_executor executor();

private:
    template <class T>
    static asio::awaitable<void> keep(asio::awaitable<T> coroutine, std::optional<T>* result) {
        result->emplace(co_await std::move(coroutine));
    }

    std::unique_ptr<testing::Loop> loop_;
};

/// `with`: the scripts to use, where there are any. Lifetime: outlives the world.
std::unique_ptr<World> make_world(Store store, const ScriptSet* with = nullptr);

/// A start that is marked, with a suspect's fingerprint or without.
inline Start marked(std::string reservation, std::string fingerprint = {}) {
    return {.reservation = std::move(reservation), .suspect_fingerprint = std::move(fingerprint)};
}

/// A message that both generations would take for one; the same for the same id.
std::string envelope(const std::string& id);

}  // namespace samovar::broker
