// Whether handlers may start: marks, and the limits that hold for all workers together.
#include <algorithm>
#include <utility>

#include "broker/memory_state.hpp"

namespace samovar::broker {
namespace {

// A booked time stands for so long after it has come; so long, at most, a message waits without looking again.
constexpr std::chrono::hours booking_stands{1};

}  // namespace

std::vector<Started> MemoryState::start(const std::vector<Start>& starts) {
    std::vector<Started> started;
    for (const auto& one : starts) {
        if (!find(one.reservation)) {
            started.push_back(return_from_aside(one));
            continue;
        }
        started.push_back(admit(one));
        if (started.back().answer == Started::Answer::go) mark(one);
    }
    return started;
}

// It was marked as acknowledged, its worker was taken for dead before it heard of it, and nobody else runs it. One
// with limits has lost its places, so it is not started but goes back to its queue.
Started MemoryState::return_from_aside(const Start& start) {
    auto* held = find_aside(start.reservation);
    if (!held) return {Started::Answer::gone};
    if (start.limits.empty()) return {Started::Answer::go};
    push_front(held->route, std::move(held->envelope));
    release(start.reservation);
    return {Started::Answer::gone};
}

void MemoryState::mark(const Start& start) {
    auto& held = *find(start.reservation);
    if (!start.suspect_fingerprint.empty())
        held.mark = Held::Mark::suspect;
    else
        held.mark = start.late ? Held::Mark::started : Held::Mark::acknowledged;
}

Started MemoryState::admit(const Start& start) {
    for (const auto& limit : start.limits) {
        if (has_room(limit, start.reservation)) continue;
        if (limit.skip) return {Started::Answer::taken};
        auto& state = limits_[limit.name];
        state.at_once = limit.at_once;
        state.waiting.push_back(delayed_count_ + 1);
        return {put_off(start, clock_.now() + booking_stands)};
    }
    auto time = clock_.now();
    for (const auto& limit : start.limits)
        if (limit.spacing.count() > 0) time = std::max(time, book(limit, start.id));
    if (time > clock_.now()) return {put_off(start, time)};
    return enter(start);
}

// A holder whose reservation does not stand any more holds no place.
void MemoryState::drop_gone(MemoryLimit& limit) {
    std::erase_if(limit.holders, [this](const auto& holder) { return !find(holder.first); });
}

bool MemoryState::has_room(const Limit& limit, const std::string& reservation) {
    auto& state = limits_[limit.name];
    if (limit.at_once == 0 || state.holders.contains(reservation)) return true;
    drop_gone(state);
    return state.holders.size() < limit.at_once;
}

WallTime MemoryState::book(const Limit& limit, const std::string& task) {
    auto& state = limits_[limit.name];
    const auto now = clock_.now();
    std::erase_if(state.booked, [&](const auto& one) { return one.second <= now - booking_stands; });
    if (const auto booked = state.booked.find(task); booked != state.booked.end()) return booked->second;
    const auto time = std::max(now, state.next);
    state.next = time + limit.spacing;
    state.booked.emplace(task, time);
    return time;
}

Started MemoryState::enter(const Start& start) {
    std::uint64_t fence = 0;
    for (const auto& limit : start.limits) {
        auto& state = limits_[limit.name];
        state.booked.erase(start.id);
        if (limit.at_once == 0) continue;
        state.at_once = limit.at_once;
        const auto [holder, entered] = state.holders.try_emplace(start.reservation, state.fence + 1);
        if (entered) ++state.fence;
        if (fence == 0) fence = holder->second;
    }
    return {Started::Answer::go, fence};
}

Started::Answer MemoryState::put_off(const Start& start, WallTime due) {
    auto& held = *find(start.reservation);
    delay(due, {held.route, std::move(held.envelope), start.id, true});
    release(start.reservation);
    return Started::Answer::waits;
}

bool MemoryState::let_in(MemoryLimit& limit) {
    while (!limit.waiting.empty()) {
        const auto number = limit.waiting.front();
        limit.waiting.pop_front();
        const auto message =
            std::ranges::find_if(delayed_, [&](const auto& entry) { return entry.second.number == number; });
        if (message == delayed_.end()) continue;
        push_front(message->second.route, std::move(message->second.envelope));
        delayed_.erase(message);
        return true;
    }
    return false;
}

void MemoryState::leave(const std::string& limit, const std::string& reservation) {
    auto& state = limits_[limit];
    state.holders.erase(reservation);
    if (state.holders.size() < state.at_once) let_in(state);
}

std::size_t MemoryState::let_waiting_in() {
    std::size_t let = 0;
    for (auto& [name, limit] : limits_) {
        drop_gone(limit);
        for (auto free = limit.holders.size(); free < limit.at_once && let_in(limit); ++free) ++let;
    }
    return let;
}

}  // namespace samovar::broker
