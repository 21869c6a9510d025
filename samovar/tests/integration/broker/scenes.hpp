// A call of every script, each in a state of the store where it has something to do.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "redis_world.hpp"

namespace samovar::broker {

/// A state of the store and one call that is made in it. Made in an empty store; the same each time.
class Scene {
public:
    explicit Scene(RedisWorld& world) : world_(world) {
        world_.forget_everything();
        broker = world_.connect();
    }
    virtual ~Scene() = default;
    virtual void arrange() = 0;
    virtual void act() = 0;

protected:
    template <class T>
    T run(asio::awaitable<T> coroutine) {
        return world_.run(std::move(coroutine));
    }
    void run(asio::awaitable<void> coroutine) { world_.run(std::move(coroutine)); }
    Identity registered(const std::string& incarnation) {
        const Identity who{incarnation, "worker@host", 1};
        run(broker->renew({.who = who, .lease = std::chrono::hours{1000}, .first = true}));
        return who;
    }
    void publish(const std::string& bytes, const Route& route = {"celery", 0}) {
        run(broker->publish({.route = route, .envelope = bytes, .id = "x"}));
    }
    void publish_later(const std::string& id, const Route& route = {"celery", 0}) {
        run(broker->publish(
            {.route = route, .envelope = envelope(id), .id = id, .due = world_.now() + std::chrono::hours{1}}));
    }
    std::vector<Reserved> reserve(const Identity& who, std::uint64_t batch = 1,
                                  std::size_t may_start = most_per_call) {
        ReserveOptions options{
            .routes = {{"celery", 0}, {"celery", 3}}, .max_messages = 10, .batch = batch, .may_start = may_start};
        return run(broker->reserve(who, std::move(options))).messages;
    }
    /// Two messages that a worker died with; the second one is what it had alone before.
    void make_suspects() {
        publish(envelope("culprit"));
        const auto victim = registered("earlier");
        reserve(victim);
        world_.end_lease(victim);
        run(broker->reap(world_.sight(), 10));
    }

    RedisWorld& world_;
    std::unique_ptr<Broker> broker;
    Identity w{"w1", "worker@host", 1};
};

struct SceneCase {
    std::string name;
    /// Messages may rightly be gone afterwards.
    bool removes;
    std::unique_ptr<Scene> (*make)(RedisWorld&);
    /// The call runs several scripts that change something: when one fails, those before it have not.
    bool several = false;
};

const std::vector<SceneCase>& scene_cases();

}  // namespace samovar::broker
