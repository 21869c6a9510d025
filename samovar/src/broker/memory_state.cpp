// The way of one message: published, reserved, started, completed.
#include "broker/memory_state.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/overloaded.hpp"
#include "broker/failure_template.hpp"
#include "broker/label.hpp"

namespace samovar::broker {
namespace {

constexpr std::chrono::hours sent_mark{24};
// Celery never writes over a result that says this.
constexpr std::string_view success = R"({"status": "SUCCESS",)";

struct ReservationId {
    std::string incarnation;
    Place place;
};

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t number = 0;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const auto [rest, error] = std::from_chars(begin, end, number);
    if (error != std::errc{} || rest != end) return std::nullopt;
    return number;
}

std::optional<ReservationId> read_id(std::string_view id) {
    const auto second = id.rfind(':');
    const auto first =
        second == 0 || second == std::string_view::npos ? std::string_view::npos : id.rfind(':', second - 1);
    if (first == std::string_view::npos) return std::nullopt;
    const auto batch = number_of(id.substr(first + 1, second - first - 1));
    const auto number = number_of(id.substr(second + 1));
    if (!batch || !number) return std::nullopt;
    return ReservationId{std::string{id.substr(0, first)}, {*batch, *number}};
}

std::string why_refused(const std::string& envelope, std::size_t max_size) {
    if (envelope.size() > max_size)
        return fmt::format("message of {} bytes is over the limit of {} bytes", envelope.size(), max_size);
    return envelope.starts_with('{') && envelope.ends_with('}') ? "" : "not a JSON object";
}

}  // namespace

void MemoryState::push_back(const Route& route, std::string envelope) {
    queues_[route].push_back(std::move(envelope));
    events_.pushed.insert(route);
}

void MemoryState::push_front(const Route& route, std::string envelope) {
    queues_[route].push_front(std::move(envelope));
    events_.pushed.insert(route);
}

void MemoryState::delay(WallTime due, Delayed message) {
    message.number = ++delayed_count_;
    const auto place = delayed_.emplace(due, std::move(message));
    if (place == delayed_.begin()) events_.earlier_head = true;
}

void MemoryState::bury(std::string member, DeadLetter label, std::string envelope) {
    label.member = member;
    if (label.id.empty()) label.id = member;
    label.at = clock_.now();
    label.size = envelope.size();
    dead_[std::move(member)] = {std::move(label), std::move(envelope)};
}

void MemoryState::store_failure(const DeadLetter& letter, const std::string& envelope,
                                const std::string& failure_template, const MemoryOptions& options) {
    if (letter.id.empty() || asks_for_no_result(envelope)) return;
    store({letter.id, fill_failure(failure_template, letter.id, letter.reason, clock_.now())}, options);
}

bool MemoryState::promoter_lives() const { return !promoter_.empty() && promoter_end_ > clock_.now(); }

Published MemoryState::publish(Outgoing message) {
    forget_expired();
    Published published{.id = message.id};
    if (message.once && sent_.contains(message.id)) return {.sent = false, .id = std::move(message.id)};
    if (message.unique) {
        const auto claim = claims_.find(message.unique->key);
        if (claim != claims_.end() && claim->second.first != message.id)
            return {.sent = false, .id = claim->second.first};
        claims_[message.unique->key] = {message.id, clock_.now() + message.unique->life};
    }
    if (message.once) {
        const auto end = clock_.now() + sent_mark;
        sent_.emplace(message.id, end);
        sent_ends_.emplace(end, message.id);
    }
    // Without a live promoter nobody would bring a message back: it is queued with its eta, as Celery does.
    if (message.due && *message.due > clock_.now() && promoter_lives())
        delay(*message.due, {message.route, std::move(message.envelope), std::move(message.id)});
    else
        push_back(message.route, std::move(message.envelope));
    return published;
}

void MemoryState::unclaim(const std::string& key, const std::string& task_id) {
    const auto claim = claims_.find(key);
    if (claim != claims_.end() && claim->second.first == task_id) claims_.erase(claim);
}

void MemoryState::answer(Reservation& into, const Identity& who, Place place, const Held& held) const {
    const auto blame = suspects_.find(held.envelope);
    const bool suspect = blame != suspects_.end();
    into.messages.push_back({.id = fmt::format("{}:{}:{}", who.incarnation, place.first, place.second),
                             .envelope = held.envelope,
                             .route = held.route,
                             .place = place_of(place.first, place.second),
                             .suspect = suspect,
                             .deaths = suspect ? blame->second : 0,
                             .fingerprint = suspect ? held.envelope : ""});
}

Reservation MemoryState::answer_again(const Identity& who, const MemoryWorker& worker) const {
    Reservation again{.store_time = clock_.now()};
    for (std::uint64_t n = 1; n <= worker.batch_messages; ++n) {
        const auto held = worker.held.find({*worker.batch, n});
        if (held != worker.held.end()) answer(again, who, held->first, held->second);
    }
    return again;
}

void MemoryState::take_one(Reservation& into, const Identity& who, const ReserveOptions& options,
                           const Route& route, const MemoryOptions& own) {
    auto& queue = queues_.at(route);
    auto envelope = std::move(queue.front());
    queue.pop_front();
    auto reason = why_refused(envelope, options.max_message_size);
    if (!reason.empty()) {
        DeadLetter letter{.id = label(envelope, "id"), .task = label(envelope, "task"), .queue = route.queue};
        into.refused.push_back({letter.id, letter.task, route.queue, reason});
        letter.reason = std::move(reason);
        store_failure(letter, envelope, unreadable_message_failure(), own);
        bury(fmt::format("{}:{}:x{}", who.incarnation, options.batch, into.refused.size()), std::move(letter),
             std::move(envelope));
        return;
    }
    auto& worker = workers_.at(who.incarnation);
    const auto number = ++worker.batch_messages;
    auto& held = worker.held[{options.batch, number}];
    held = {Held::Mark::reserved, route, std::move(envelope)};
    answer(into, who, {options.batch, number}, held);
}

Reservation MemoryState::reserve(const Identity& who, const ReserveOptions& options, const MemoryOptions& own) {
    const auto found = workers_.find(who.incarnation);
    if (found == workers_.end()) return {.lost = true};
    auto& worker = found->second;
    // It was on its way for so long that its caller has gone on.
    if (worker.batch && *worker.batch > options.batch) return {.store_time = clock_.now()};
    worker.may_start = std::max(worker.may_start, options.may_start_place());
    if (worker.batch == options.batch) return answer_again(who, worker);

    Reservation taken{.store_time = clock_.now()};
    worker.batch = options.batch;
    worker.batch_messages = 0;
    std::size_t count = 0;
    std::size_t bytes = 0;
    for (const auto& route : options.routes) {
        const auto queue = queues_.find(route);
        while (queue != queues_.end() && !queue->second.empty()) {
            bytes += queue->second.front().size();
            if (count == options.max_messages || (count > 0 && bytes > options.max_bytes)) return taken;
            take_one(taken, who, options, route, own);
            ++count;
        }
        if (queue != queues_.end()) queues_.erase(queue);
    }
    return taken;
}

Held* MemoryState::find(const std::string& reservation) {
    const auto id = read_id(reservation);
    const auto worker = id ? workers_.find(id->incarnation) : workers_.end();
    if (worker == workers_.end()) return nullptr;
    const auto held = worker->second.held.find(id->place);
    return held == worker->second.held.end() ? nullptr : &held->second;
}

Held* MemoryState::find_aside(const std::string& reservation) {
    const auto id = read_id(reservation);
    const auto worker = id ? reaped_.find(id->incarnation) : reaped_.end();
    if (worker == reaped_.end()) return nullptr;
    const auto held = worker->second.aside.find(id->place);
    return held == worker->second.aside.end() ? nullptr : &held->second;
}

void MemoryState::release(const std::string& reservation) {
    const auto id = read_id(reservation);
    if (const auto worker = workers_.find(id->incarnation); worker != workers_.end())
        worker->second.held.erase(id->place);
    if (const auto worker = reaped_.find(id->incarnation); worker != reaped_.end())
        worker->second.aside.erase(id->place);
}

void MemoryState::move(const Held& held, Move move, const std::string& reservation, std::size_t number) {
    const auto own_or = [&](std::string envelope) {
        if (envelope.empty()) envelope = held.envelope;
        return envelope;
    };
    const auto push = [&](Push to) {
        auto envelope = own_or(std::move(to.envelope));
        to.front ? push_front(to.route, std::move(envelope)) : push_back(to.route, std::move(envelope));
    };
    const auto put_off = [&](Delay until) {
        delay(until.due, {until.route, own_or(std::move(until.envelope)), std::move(until.id)});
    };
    const auto put_aside = [&](Bury dead) {
        if (dead.id.empty()) dead.id = reservation;
        DeadLetter letter{.id = std::move(dead.id),
                          .task = std::move(dead.task),
                          .queue = dead.route.queue,
                          .reason = std::move(dead.reason)};
        bury(number == 1 ? reservation : fmt::format("{}:{}", reservation, number), std::move(letter),
             own_or(std::move(dead.envelope)));
    };
    std::visit(
        Overloaded{push, put_off, put_aside, [&](const FreePlace& place) { leave(place.limit, reservation); },
                   [&](const EndClaim& claim) { unclaim(claim.key, claim.task_id); }},
        std::move(move));
}

Stepped MemoryState::complete(const Identity& who, Step step, const MemoryOptions& options) {
    forget_expired();
    std::vector<Completed> answers;
    for (auto& completion : step.completions) {
        const auto* held = find(completion.reservation);
        if (!held) held = find_aside(completion.reservation);
        answers.push_back(held ? Completed::done : Completed::gone);
        if (!held) continue;
        for (auto& other : completion.others) store(std::move(other), options);
        if (completion.result) store(std::move(*completion.result), options);
        std::size_t number = 0;
        for (auto& next : completion.moves) move(*held, std::move(next), completion.reservation, ++number);
        suspects_.erase(completion.fingerprint);
        release(completion.reservation);
    }
    if (const auto worker = workers_.find(who.incarnation); worker != workers_.end())
        worker->second.may_start = std::max(worker->second.may_start, step.may_start);
    return {std::move(answers), start(step.starts)};
}

void MemoryState::store(ResultWrite result, const MemoryOptions& options) {
    auto& stored = results_[result.task_id];
    if (stored.document.starts_with(success)) return;
    stored.document = std::move(result.document);
    stored.expires.reset();
    if (options.result_expires.count() > 0) {
        stored.expires = clock_.now() + options.result_expires;
        result_ends_.emplace(*stored.expires, result.task_id);
    }
    events_.results.push_back(std::move(result.task_id));
}

void MemoryState::store_results(std::vector<ResultWrite> results, const MemoryOptions& options) {
    forget_expired();
    for (auto& result : results) store(std::move(result), options);
}

std::optional<std::string> MemoryState::result(const std::string& task_id) const {
    const auto stored = results_.find(task_id);
    if (stored == results_.end() || stored->second.expires.value_or(WallTime::max()) <= clock_.now())
        return std::nullopt;
    return stored->second.document;
}

bool MemoryState::forget_result(const std::string& task_id) {
    forget_expired();
    return results_.erase(task_id) > 0;
}

void MemoryState::forget_expired() {
    const auto now = clock_.now();
    while (!result_ends_.empty() && result_ends_.begin()->first <= now) {
        const auto result = results_.find(result_ends_.begin()->second);
        // One that was written again has a later end.
        if (result != results_.end() && result->second.expires.value_or(WallTime::max()) <= now)
            results_.erase(result);
        result_ends_.erase(result_ends_.begin());
    }
    while (!sent_ends_.empty() && sent_ends_.begin()->first <= now) {
        sent_.erase(sent_ends_.begin()->second);
        sent_ends_.erase(sent_ends_.begin());
    }
    std::erase_if(claims_, [now](const auto& claim) { return claim.second.second <= now; });
    std::erase_if(reaped_, [now](const auto& worker) { return worker.second.forgotten_at <= now; });
}

}  // namespace samovar::broker
