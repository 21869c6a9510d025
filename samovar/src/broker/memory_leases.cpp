// Who works, who promotes, and what becomes of the messages of those who are gone.
#include <algorithm>
#include <ranges>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "broker/label.hpp"
#include "broker/memory_state.hpp"

namespace samovar::broker {
namespace {

constexpr std::chrono::seconds last_promoter_lease{10};

}  // namespace

/// Some of what a worker held, newest first.
struct MemoryState::Part {
    struct Entry {
        Place place;
        Held held;
        /// Not empty: goes to the dead letters.
        std::string dead_reason;
    };
    std::vector<Entry> entries;
    std::size_t dropped = 0;
    bool more = false;
};

Lease MemoryState::renew(const Identity& who, std::chrono::milliseconds lease, bool first) {
    const auto now = clock_.now();
    if (!first && !workers_.contains(who.incarnation)) return {.lost = true};
    auto& worker = workers_[who.incarnation];
    worker.node = who.node;
    worker.renewed = now;
    worker.lease_end = now + lease;
    if (!promoter_lives() || promoter_ == who.incarnation) {
        promoter_ = who.incarnation;
        promoter_end_ = now + lease;
    }
    Lease renewed{.store_time = now, .workers = workers_.size(), .held = worker.held.size()};
    renewed.promotes = promoter_ == who.incarnation;
    if (!delayed_.empty()) renewed.next_due = delayed_.begin()->first;
    return renewed;
}

Promotion MemoryState::promote(const Identity& who, std::size_t max_messages, bool all) {
    Promotion promotion{.lost = !promoter_lives() || promoter_ != who.incarnation, .store_time = clock_.now()};
    const bool abandoned = !delayed_.empty() && promotion.store_time - delayed_.begin()->first >= overdue;
    if (promotion.lost && !abandoned) max_messages = 0;
    all = all && !promotion.lost;
    std::vector<Delayed> again;
    std::size_t bytes = 0;
    while (!delayed_.empty() && promotion.moved < max_messages) {
        const auto first = delayed_.begin();
        if (!all && first->first > promotion.store_time) break;
        bytes += first->second.envelope.size();
        if (promotion.moved > 0 && bytes > most_bytes_per_call) break;
        if (first->second.front)
            again.push_back(std::move(first->second));
        else
            push_back(first->second.route, std::move(first->second.envelope));
        delayed_.erase(first);
        ++promotion.moved;
    }
    // The last one that goes to the front is the first one taken.
    for (auto& message : again | std::views::reverse) push_front(message.route, std::move(message.envelope));
    if (!delayed_.empty()) promotion.next_due = delayed_.begin()->first;
    return promotion;
}

MemoryState::Part MemoryState::newest(const std::string& incarnation, std::size_t max_messages) {
    auto& held = workers_.at(incarnation).held;
    Part part;
    std::size_t bytes = 0;
    std::size_t count = 0;
    while (!held.empty()) {
        const auto last = std::prev(held.end());
        const bool acknowledged = last->second.mark == Held::Mark::acknowledged;
        bytes += acknowledged ? 0 : last->second.envelope.size();
        part.more = count == max_messages || (count > 0 && bytes > most_bytes_per_call);
        if (part.more) break;
        ++count;
        if (acknowledged)
            ++part.dropped;
        else
            part.entries.push_back({last->first, std::move(last->second), {}});
        held.erase(last);
    }
    return part;
}

// To the consuming end, newest first, so that the oldest runs next.
void MemoryState::put_back(const Part& part) {
    for (const auto& entry : part.entries)
        if (entry.dead_reason.empty()) push_front(entry.held.route, entry.held.envelope);
}

Reaped MemoryState::reap(const Identity& who, std::size_t max_messages, const MemoryOptions& options) {
    if (!workers_.contains(who.incarnation)) return {.lost = true};
    // The one that renewed last the longest ago.
    const auto dead_worker = std::ranges::min_element(
        workers_, {}, [](const auto& worker) { return std::tie(worker.second.lease_end, worker.second.renewed); });
    if (dead_worker->second.lease_end > clock_.now()) return {};
    Reaped reaped{.incarnation = dead_worker->first};
    auto& worker = dead_worker->second;
    const bool alone = worker.held.size() == 1 && !worker.reaping;
    auto part = newest(reaped.incarnation, max_messages);
    for (auto& [place, held, reason] : part.entries) {
        auto& deaths = suspects_[held.envelope];
        // Only a death under the suspect's own mark counts, or one where it was all that the worker had.
        if (held.mark == Held::Mark::suspect || alone) ++deaths;
        if (deaths < options.max_deaths) continue;
        reason = fmt::format("its worker died {} times while running it", deaths);
        const auto member = fmt::format("{}:{}:{}", reaped.incarnation, place.first, place.second);
        reaped.given_up.push_back({member, held.envelope});
        bury(member,
             {.id = label(held.envelope, "id"),
              .task = label(held.envelope, "task"),
              .queue = held.route.queue,
              .reason = reason},
             held.envelope);
        suspects_.erase(held.envelope);
    }
    put_back(part);
    reaped.put_back = part.entries.size() - reaped.given_up.size();
    reaped.dropped = part.dropped;
    reaped.more = part.more;
    worker.reaping = true;
    if (!part.more) workers_.erase(dead_worker);
    return reaped;
}

const std::string* MemoryState::find_other(const std::string& incarnation) const {
    const auto other = std::ranges::find_if(workers_, [&, now = clock_.now()](const auto& worker) {
        return worker.first != incarnation && worker.second.lease_end > now;
    });
    return other == workers_.end() ? nullptr : &other->first;
}

Reaped MemoryState::retire(const Identity& who, std::size_t max_messages) {
    if (!workers_.contains(who.incarnation)) return {.lost = true};
    const auto part = newest(who.incarnation, max_messages);
    put_back(part);
    Reaped reaped{.incarnation = who.incarnation,
                  .put_back = part.entries.size(),
                  .dropped = part.dropped,
                  .more = part.more};
    if (reaped.more) return reaped;
    const auto* successor = find_other(who.incarnation);
    if (!delayed_.empty() && !successor) {
        promoter_ = who.incarnation;
        promoter_end_ = std::max(workers_.at(who.incarnation).lease_end, clock_.now() + last_promoter_lease);
        promote(who, max_messages, true);
        reaped.more = true;
        return reaped;
    }
    if (promoter_ == who.incarnation) {
        promoter_ = successor ? *successor : "";
        promoter_end_ = successor ? workers_.at(*successor).lease_end : clock_.now();
        events_.handover = successor != nullptr;
    }
    workers_.erase(who.incarnation);
    return reaped;
}

std::vector<DeadLetter> MemoryState::dead_letters(std::size_t offset, std::size_t count) const {
    std::vector<DeadLetter> letters;
    for (const auto& [member, letter] : dead_) letters.push_back(letter.label);
    std::ranges::sort(letters, {}, [](const DeadLetter& letter) { return std::tie(letter.at, letter.member); });
    letters.erase(letters.begin(),
                  letters.begin() + static_cast<std::ptrdiff_t>(std::min(offset, letters.size())));
    letters.resize(std::min(count, letters.size()));
    return letters;
}

std::optional<std::string> MemoryState::dead_envelope(const std::string& member) const {
    const auto letter = dead_.find(member);
    if (letter == dead_.end()) return std::nullopt;
    return letter->second.envelope;
}

bool MemoryState::retry_dead(const std::string& member, const Route& to) {
    const auto letter = dead_.find(member);
    if (letter == dead_.end()) return false;
    suspects_.erase(letter->second.envelope);
    push_back(to, std::move(letter->second.envelope));
    dead_.erase(letter);
    return true;
}

std::size_t MemoryState::drop_dead(const std::vector<std::string>& members) {
    std::size_t dropped = 0;
    for (const auto& member : members) dropped += dead_.erase(member);
    return dropped;
}

std::size_t MemoryState::expire_dead(WallTime before) {
    std::vector<std::string> members;
    for (const auto& letter : dead_letters(0, most_per_call))
        if (letter.at < before) members.push_back(letter.member);
    return drop_dead(members);
}

}  // namespace samovar::broker
