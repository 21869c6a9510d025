// What waits for its time, for those who look.
#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "broker/memory_state.hpp"

namespace samovar::broker {
namespace {

DelayedMessage shown(const std::pair<const WallTime, Delayed>& entry) {
    return {entry.second.member(), entry.first, entry.second.route, entry.second.envelope};
}

}  // namespace

std::string Delayed::member() const { return fmt::format("{}:{}", id, number); }

DelayedPage MemoryState::delayed_page(std::size_t rank, std::size_t count) const {
    DelayedPage page;
    for (auto entry = std::next(delayed_.begin(), static_cast<std::ptrdiff_t>(std::min(rank, delayed_.size())));
         entry != delayed_.end() && page.messages.size() < count; ++entry)
        page.messages.push_back(shown(*entry));
    if (!page.messages.empty()) page.next = rank + page.messages.size();
    return page;
}

std::vector<DelayedMessage> MemoryState::find_delayed(const std::string& task_id) const {
    std::vector<DelayedMessage> found;
    for (const auto& entry : delayed_)
        if (entry.second.id == task_id) found.push_back(shown(entry));
    return found;
}

std::multimap<WallTime, Delayed>::iterator MemoryState::find_member(const std::string& member) {
    return std::ranges::find_if(delayed_, [&](const auto& entry) { return entry.second.member() == member; });
}

bool MemoryState::cancel_delayed(Cancellation cancelled, const MemoryOptions& options) {
    const auto message = find_member(cancelled.member);
    if (message == delayed_.end()) return false;
    if (cancelled.result) store(*std::move(cancelled.result), options);
    unclaim(cancelled.claim, cancelled.task_id);
    delayed_.erase(message);
    return true;
}

bool MemoryState::run_delayed(const std::string& member, std::string envelope) {
    const auto message = find_member(member);
    if (message == delayed_.end()) return false;
    push_front(message->second.route,
               envelope.empty() ? std::move(message->second.envelope) : std::move(envelope));
    delayed_.erase(message);
    return true;
}

Backlog MemoryState::backlog(const std::vector<std::string>& queues) const {
    const auto now = clock_.now();
    const auto due_by_now = std::distance(delayed_.begin(), delayed_.upper_bound(now));
    Backlog backlog{
        .delayed = delayed_.size(), .overdue = static_cast<std::size_t>(due_by_now), .dead = dead_.size()};
    if (due_by_now > 0) backlog.lateness = now - delayed_.begin()->first;
    for (const auto& [incarnation, worker] : workers_) backlog.reserved += worker.held.size();
    for (const auto& queue : queues) backlog.queued[queue] = 0;
    for (const auto& [route, messages] : queues_)
        if (const auto wanted = backlog.queued.find(route.queue); wanted != backlog.queued.end())
            wanted->second += messages.size();
    return backlog;
}

}  // namespace samovar::broker
