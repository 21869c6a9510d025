#include "broker/memory_store.hpp"

#include <algorithm>

namespace samovar::broker {
namespace {

// Calls `tell` for those that are still there and drops the others.
template <class Watcher, class Tell>
void tell_each(std::vector<std::weak_ptr<Watcher>>& watchers, Tell tell) {
    std::erase_if(watchers, [&](const std::weak_ptr<Watcher>& weak) {
        const auto watcher = weak.lock();
        if (watcher) tell(*watcher);
        return !watcher;
    });
}

bool share_one(const std::set<Route, RouteOrder>& a, const std::set<Route, RouteOrder>& b) {
    return std::ranges::any_of(a, [&](const Route& route) { return b.contains(route); });
}

}  // namespace

void MemoryStore::watch(MemoryWatcher& watcher, const std::vector<Route>& routes) {
    watcher.queues.reset();
    watcher.watched = {routes.begin(), routes.end()};
}

void MemoryStore::add(const std::shared_ptr<MemoryWatcher>& watcher) {
    const std::lock_guard lock{mutex_};
    watchers_.push_back(watcher);
}

void MemoryStore::add(const std::shared_ptr<ResultWatcher>& watcher) {
    const std::lock_guard lock{mutex_};
    result_watchers_.push_back(watcher);
}

void MemoryStore::announce() {
    const auto events = state_.take_events();
    if (!events.pushed.empty() || events.earlier_head || events.handover) {
        tell_each(watchers_, [&](MemoryWatcher& watcher) {
            if (share_one(events.pushed, watcher.watched)) watcher.queues.raise();
            if (events.earlier_head) watcher.delayed.raise();
            if (events.handover) watcher.handed_over();
        });
    }
    if (!events.results.empty()) {
        tell_each(result_watchers_, [&](ResultWatcher& watcher) {
            if (std::ranges::find(events.results, watcher.task_id) != events.results.end()) watcher.stored.raise();
        });
    }
}

std::shared_ptr<MemoryStore> make_memory_store(const Clock& clock) { return std::make_shared<MemoryStore>(clock); }

void inspect(const MemoryStore& store, const std::function<void(const MemoryState&)>& look) { store.look(look); }

}  // namespace samovar::broker
