// The state of the in-memory broker with those who wait for its changes.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/signal.hpp"
#include "broker/memory_broker.hpp"
#include "broker/memory_state.hpp"

namespace samovar::broker {

/// What one broker waits for. `watched` and `handed_over` belong to the store's lock.
struct MemoryWatcher {
    std::set<Route, RouteOrder> watched;
    std::function<void()> handed_over = [] {};
    Signal queues;
    Signal delayed;
};

/// What one client waits for.
struct ResultWatcher {
    explicit ResultWatcher(std::string id) : task_id(std::move(id)) {}

    const std::string task_id;
    Signal stored;
};

class MemoryStore {
public:
    explicit MemoryStore(const Clock& clock) : clock_(clock), state_(clock) {}

    /// One change or look, alone; whoever waits for what it changed is woken.
    template <class Operation>
    auto with(Operation operation) {
        const std::lock_guard lock{mutex_};
        const Announcement announcement{*this};
        return operation(state_);
    }
    void look(const std::function<void(const MemoryState&)>& operation) const {
        const std::lock_guard lock{mutex_};
        operation(state_);
    }

    /// From now on a message for one of these routes raises `watcher.queues`. Within with().
    void watch(MemoryWatcher& watcher, const std::vector<Route>& routes);

    /// Lifetime: watchers are told until they go.
    void add(const std::shared_ptr<MemoryWatcher>& watcher);
    void add(const std::shared_ptr<ResultWatcher>& watcher);

    const Clock& clock() const { return clock_; }

    /// Names this store, as run_id names one start of Redis.
    const std::string& id() const { return id_; }

private:
    struct Announcement {
        MemoryStore& store;
        ~Announcement() { store.announce(); }
    };
    void announce();

    const Clock& clock_;
    const std::string id_ = new_incarnation();
    mutable std::mutex mutex_;
    MemoryState state_;
    std::vector<std::weak_ptr<MemoryWatcher>> watchers_;
    std::vector<std::weak_ptr<ResultWatcher>> result_watchers_;
};

}  // namespace samovar::broker
