// Who works, who promotes, and what becomes of the messages of those who are gone.
#include <algorithm>
#include <ranges>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "broker/failure_template.hpp"
#include "broker/label.hpp"
#include "broker/memory_state.hpp"

namespace samovar::broker {
namespace {

constexpr std::chrono::seconds last_promoter_lease{10};
constexpr std::chrono::hours dead_workers_remembered{24};

}  // namespace

/// Some of what a worker held, newest first.
struct MemoryState::Part {
    struct Entry {
        Place place;
        Held held;
        /// Went to the dead letters.
        bool buried = false;
    };
    std::vector<Entry> entries;
    std::vector<Entry> acknowledged;
    bool more = false;
};

Lease MemoryState::renew(const Renewal& renewal) {
    const auto now = clock_.now();
    const auto& who = renewal.who;
    if (!renewal.first && !workers_.contains(who.incarnation)) return {.lost = true};
    if (renewal.first) take_back_blame(renewal.before);
    auto& worker = workers_[who.incarnation];
    worker.node = who.node;
    worker.renewed = now;
    worker.lease = renewal.lease;
    worker.lease_end = now + renewal.lease;
    if (!promoter_lives() || promoter_ == who.incarnation) {
        promoter_ = who.incarnation;
        promoter_end_ = now + renewal.lease;
    }
    Lease renewed{.store_time = now, .workers = workers_.size()};
    put_back_unknown(renewal, renewed);
    renewed.held = worker.held.size();
    renewed.promotes = promoter_ == who.incarnation;
    if (!delayed_.empty()) renewed.next_due = delayed_.begin()->first;
    return renewed;
}

// Nothing of a batch whose reply may still be on its way, and nothing that the worker named.
void MemoryState::put_back_unknown(const Renewal& renewal, Lease& told) {
    const auto& incarnation = renewal.who.incarnation;
    const auto unknown = [&](const Place& place) {
        return place.first <= renewal.last_batch &&
               std::ranges::find(renewal.open, fmt::format("{}:{}:{}", incarnation, place.first, place.second)) ==
                   renewal.open.end();
    };
    const auto part = newest(workers_.at(incarnation).held, most_per_call, unknown);
    put_back(part);
    told.more = part.more;
    told.put_back = part.entries.size();
    told.dropped = part.acknowledged.size();
}

// A worker that comes back takes back the blame that its absence laid on its messages.
void MemoryState::take_back_blame(const std::string& incarnation) {
    const auto reaped = reaped_.find(incarnation);
    if (reaped == reaped_.end()) return;
    for (const auto& [envelope, blame] : reaped->second.blamed) {
        const auto suspect = suspects_.find(envelope);
        if (suspect == suspects_.end()) continue;
        suspect->second = std::max(0, suspect->second - (blame.deaths - blame.before.value_or(0)));
        if (suspect->second == 0 && !blame.before) suspects_.erase(suspect);
    }
    reaped->second.blamed.clear();
}

Promotion MemoryState::promote(const Identity& who, std::size_t max_messages, bool all) {
    Promotion promotion{.lost = !promoter_lives() || promoter_ != who.incarnation, .store_time = clock_.now()};
    all = all && (!promotion.lost || !promoter_lives());
    const bool abandoned = !delayed_.empty() && promotion.store_time - delayed_.begin()->first >= overdue;
    if (promotion.lost && !all && !abandoned) max_messages = 0;
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

MemoryState::Part MemoryState::newest(std::map<Place, Held>& held, std::size_t max_messages,
                                      const std::function<bool(const Place&)>& wanted) {
    Part part;
    std::size_t bytes = 0;
    std::size_t count = 0;
    for (auto next = held.end(); next != held.begin();) {
        --next;
        if (!wanted(next->first)) continue;
        bytes += next->second.envelope.size();
        part.more = count == max_messages || (count > 0 && bytes > most_bytes_per_call);
        if (part.more) break;
        ++count;
        auto& into = next->second.mark == Held::Mark::acknowledged ? part.acknowledged : part.entries;
        into.push_back({next->first, std::move(next->second)});
        next = held.erase(next);
    }
    return part;
}

// To the consuming end, newest first, so that the oldest runs next.
void MemoryState::put_back(const Part& part) {
    for (const auto& entry : part.entries)
        if (!entry.buried) push_front(entry.held.route, entry.held.envelope);
}

std::map<std::string, MemoryWorker>::iterator MemoryState::find_dead(const Sight& sight) {
    const auto now = clock_.now();
    if (workers_.empty() || now - sight.seen > sight.good_for || now < sight.seen) return workers_.end();
    // The one that renewed last the longest ago.
    const auto dead = std::ranges::min_element(
        workers_, {}, [](const auto& worker) { return std::tie(worker.second.lease_end, worker.second.renewed); });
    const bool judged = dead->second.lease_end <= now && sight.clear_for >= dead->second.lease;
    return judged ? dead : workers_.end();
}

Reaped MemoryState::reap(const Sight& sight, std::size_t max_messages, const MemoryOptions& options) {
    Reaped reaped{.store_time = clock_.now()};
    const auto dead_worker = find_dead(sight);
    if (dead_worker == workers_.end()) return reaped;
    reaped.incarnation = dead_worker->first;
    auto& worker = dead_worker->second;
    reaped.node = worker.node;
    const bool alone = worker.held.size() == 1 && !worker.reaping;
    auto part = newest(worker.held, max_messages, [](const Place&) { return true; });
    judge(part, alone, worker.may_start, reaped.incarnation, options, reaped);
    put_back(part);
    set_aside(part, reaped.incarnation);
    reaped.put_back = part.entries.size() - reaped.given_up;
    reaped.set_aside = part.acknowledged.size();
    reaped.more = part.more;
    worker.reaping = true;
    if (!part.more) workers_.erase(dead_worker);
    return reaped;
}

// Blames, and buries what was blamed too often. What had not started is not at fault.
void MemoryState::judge(Part& part, bool alone, std::uint64_t may_start, const std::string& incarnation,
                        const MemoryOptions& options, Reaped& reaped) {
    for (auto& [place, held, buried] : part.entries) {
        if (held.mark == Held::Mark::reserved && place_of(place.first, place.second) > may_start) continue;
        const auto known = suspects_.find(held.envelope);
        MemoryBlame blame{.before = known == suspects_.end() ? std::nullopt : std::optional{known->second}};
        auto& deaths = suspects_[held.envelope];
        // Only a death under the suspect's own mark counts, or one where it was all that the worker had.
        if (held.mark == Held::Mark::suspect || alone) ++deaths;
        blame.deaths = deaths;
        reaped_[incarnation].blamed[held.envelope] = blame;
        if (deaths < options.max_deaths) continue;
        buried = true;
        ++reaped.given_up;
        const DeadLetter letter{.id = label(held.envelope, "id"),
                                .task = label(held.envelope, "task"),
                                .queue = held.route.queue,
                                .reason = fmt::format("its worker died {} times while running it", deaths)};
        store_failure(letter, held.envelope, worker_lost_failure(), options);
        bury(fmt::format("{}:{}:{}", incarnation, place.first, place.second), letter, held.envelope);
        suspects_.erase(held.envelope);
    }
}

void MemoryState::set_aside(Part& part, const std::string& incarnation) {
    auto& remembered = reaped_[incarnation];
    remembered.forgotten_at = clock_.now() + dead_workers_remembered;
    for (auto& entry : part.acknowledged) remembered.aside.emplace(entry.place, std::move(entry.held));
}

std::size_t MemoryState::set_aside() const {
    std::size_t count = 0;
    for (const auto& [incarnation, remembered] : reaped_)
        if (remembered.forgotten_at > clock_.now()) count += remembered.aside.size();
    return count;
}

Registered MemoryState::registered() const {
    Registered registered{.store_time = clock_.now(), .workers = workers_.size()};
    for (const auto& [incarnation, worker] : workers_) {
        registered.longest_lease = std::max(registered.longest_lease, worker.lease);
        if (worker.renewed <= registered.last_renewal) continue;
        registered.last_renewal = worker.renewed;
        registered.node = worker.node;
    }
    return registered;
}

Rescued MemoryState::rescue(WallTime last_renewal, std::size_t max_messages) {
    for (const auto& [incarnation, worker] : workers_)
        if (worker.lease_end > clock_.now() || worker.renewed > last_renewal)
            return {.refused = true, .node = worker.node};
    if (workers_.empty()) return {};
    const auto gone = workers_.begin();
    auto part = newest(gone->second.held, max_messages, [](const Place&) { return true; });
    put_back(part);
    set_aside(part, gone->first);
    if (!part.more) workers_.erase(gone);
    return {.put_back = part.entries.size(), .set_aside = part.acknowledged.size(), .more = !workers_.empty()};
}

const std::string* MemoryState::find_other(const std::string& incarnation) const {
    const auto other = std::ranges::find_if(workers_, [&, now = clock_.now()](const auto& worker) {
        return worker.first != incarnation && worker.second.lease_end > now;
    });
    return other == workers_.end() ? nullptr : &other->first;
}

Retired MemoryState::retire(const Identity& who, std::size_t max_messages) {
    if (!workers_.contains(who.incarnation)) return {.lost = true};
    const auto part = newest(workers_.at(who.incarnation).held, max_messages, [](const Place&) { return true; });
    put_back(part);
    Retired retired{.put_back = part.entries.size(), .dropped = part.acknowledged.size(), .more = part.more};
    if (retired.more) return retired;
    const auto* successor = find_other(who.incarnation);
    if (!delayed_.empty() && !successor) {
        promoter_ = who.incarnation;
        promoter_end_ = std::max(workers_.at(who.incarnation).lease_end, clock_.now() + last_promoter_lease);
        promote(who, max_messages, true);
        retired.more = true;
        return retired;
    }
    if (promoter_ == who.incarnation) {
        promoter_ = successor ? *successor : "";
        promoter_end_ = successor ? workers_.at(*successor).lease_end : clock_.now();
        events_.handover = successor != nullptr;
    }
    workers_.erase(who.incarnation);
    return retired;
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
