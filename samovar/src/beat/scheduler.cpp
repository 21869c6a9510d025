#include "beat/scheduler.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <samovar/error.hpp>
#include <samovar/json.hpp>
#include <samovar/log.hpp>

#include "beat/entry_document.hpp"
#include "message/time_text.hpp"
#include "redis/error.hpp"

namespace samovar::beat {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds after_a_failure{100};
// Redis's clock and what is known of it differ by less; more is put right by a look at it.
constexpr milliseconds until_clocks_agree{10};
// A queue's key may hold something else: its entry tries again until somebody has cleaned up.
constexpr std::chrono::seconds between_refusals{5};

std::string record_of(const broker::Outgoing& message, WallTime slot, WallTime now) {
    return json::dump_compact(
        Object{{"slot", message::format_time(slot)}, {"at", message::format_time(now)}, {"id", message.id}});
}

}  // namespace

Scheduler::Scheduler(const task::AppImpl& app, Store& store, StoreClock& clock, Leadership& leadership)
    : app_(app),
      store_(store),
      clock_(clock),
      leadership_(leadership),
      sender_(task::make_sender(app.options(), app.name())),
      trouble_(clock.local(), "what is due has to wait", after_a_failure) {}

void Scheduler::entries_changed() {
    stale_ = true;
    wake_.raise();
}

void Scheduler::store_lost() {
    log::warning("the store has lost what beat keeps there: entries from code are put back, others may be gone");
    entries_changed();
}

void Scheduler::look_again() {
    const bool adopted = !adopted_under_.empty() && adopted_under_ == leadership_.token();
    if (adopted && leadership_.entries() == 0 && !app_.beat_entries().empty()) store_lost();
    wake_.raise();
}

void Scheduler::stop() {
    stopping_ = true;
    wake_.raise();
}

asio::awaitable<void> Scheduler::run() {
    while (!stopping_) {
        auto pause = after_a_failure;
        wake_.reset();
        try {
            pause = co_await turn();
        } catch (const redis::Error& error) {
            // A reply that was lost may have told of a change.
            stale_ = true;
            pause = trouble_.after(error);
        }
        if (!stopping_) co_await wake_.wait(pause);
    }
}

asio::awaitable<milliseconds> Scheduler::turn() {
    auto pause = for_ever;
    bool answered = false;
    while (!stopping_ && leadership_.leads()) {
        if (stale_ || adopted_under_ != leadership_.token()) {
            co_await reload();
            answered = true;
            continue;
        }
        const auto next = agenda_.next();
        if (!next) break;
        const auto now = clock_.now();
        if (next->first > now) {
            pause = std::min(std::chrono::ceil<milliseconds>(next->first - now), for_ever);
            break;
        }
        co_await serve(next->second);
        answered = true;
    }
    if (answered) trouble_.over();
    co_return pause;
}

asio::awaitable<void> Scheduler::reload() {
    stale_ = false;
    if (!co_await adopt()) co_return;
    auto first_slots = agenda_.replace(co_await store_.load());
    report_broken();
    if (first_slots.empty()) co_return;
    if (!co_await store_.plan(leadership_.token(), std::move(first_slots))) leadership_.lost();
}

asio::awaitable<bool> Scheduler::adopt() {
    const auto token = leadership_.token();
    std::vector<Definition> entries;
    for (const auto& [name, entry] : app_.beat_entries()) entries.push_back({name, write_entry(entry)});
    if (co_await store_.adopt(token, std::move(entries))) {
        adopted_under_ = token;
        co_return true;
    }
    leadership_.lost();
    co_return false;
}

void Scheduler::report_broken() {
    std::map<std::string, std::string> present;
    for (const auto& [name, definition, reason] : agenda_.broken()) {
        const auto known = reported_.find(name);
        if (known == reported_.end() || known->second != definition)
            log::error(fmt::format("beat entry {} is not sent: {}", name, reason));
        present.emplace(name, definition);
    }
    reported_ = std::move(present);
}

Decision Scheduler::decide_about(const Planned& planned) const {
    const auto sent = sent_.find(planned.entry.name);
    if (sent != sent_.end() && sent->second.definition == planned.definition && planned.due < sent->second.next)
        return {Decision::Kind::pass, planned.due, sent->second.next};
    return decide(planned.entry.schedule, planned.entry.options, planned.due, clock_.now(),
                  leadership_.watched_since());
}

asio::awaitable<void> Scheduler::serve(std::string name) {
    const auto& planned = agenda_.at(name);
    const auto decision = decide_about(planned);
    if (decision.kind == Decision::Kind::wait) co_return;
    std::optional<Firing> firing;
    try {
        firing = firing_of(planned, decision);
    } catch (const Error& error) {
        log::error(fmt::format("beat entry {} is not sent until it is changed: {}", name, error.what()));
        agenda_.drop(name);
        co_return;
    }
    try {
        co_await send(*firing);
    } catch (const redis::Error& error) {
        if (error.kind() != redis::Errc::server_error || redis::is_transient(error)) throw;
        log::error(fmt::format("beat entry {} was refused by the store: {}", name, error.what()));
        agenda_.postpone(name, clock_.now() + between_refusals);
    }
}

asio::awaitable<void> Scheduler::send(Firing firing) {
    settle(co_await store_.fire(leadership_.token(), firing), firing);
}

void Scheduler::settle(Fired fired, const Firing& firing) {
    const auto& name = firing.entry.name;
    if (fired == Fired::done || fired == Fired::stands) sent_[name] = {firing.entry.text, firing.next};
    switch (fired) {
        case Fired::done:
            agenda_.proceed(name, firing.next);
            if (firing.message) log::info(fmt::format("beat sent {}[{}]", name, firing.message->id));
            break;
        case Fired::stands:
            agenda_.proceed(name, firing.next);
            log::info(fmt::format("beat did not send {}: a task that stands for it is not done", name));
            break;
        case Fired::lost:
            leadership_.lost();
            break;
        case Fired::changed:
            stale_ = true;
            break;
        case Fired::early:
            agenda_.postpone(name, clock_.now() + until_clocks_agree);
            leadership_.look_again();
            break;
    }
}

Firing Scheduler::firing_of(const Planned& planned, const Decision& decision) const {
    Firing firing{.entry = {planned.entry.name, planned.definition}, .due = planned.due, .next = decision.next};
    if (decision.kind == Decision::Kind::pass) return firing;
    firing.message = message_of(planned.entry, decision.slot);
    firing.record = record_of(*firing.message, decision.slot, clock_.now());
    return firing;
}

broker::Outgoing Scheduler::message_of(const task::BeatEntry& entry, WallTime slot) const {
    static const TaskOptions defaults;
    const auto now = clock_.now();
    Signature call = entry.call;
    call.options.headers.set("periodic_task_name", entry.name);
    call.options.headers.set("periodic_slot", message::format_time(slot));
    if (entry.options.expires.count() > 0) call.options.expires = now + entry.options.expires;
    const auto* known = app_.registry().find(call.task);
    const auto queue = app_.queue_of(call.task);
    return task::make_outgoing(std::move(call), known ? known->options : defaults, queue, sender_, now);
}

}  // namespace samovar::beat
