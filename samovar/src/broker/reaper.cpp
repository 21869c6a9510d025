#include "broker/reaper.hpp"

#include <utility>

#include <fmt/format.h>

#include <samovar/log.hpp>

#include "broker/failure_template.hpp"
#include "broker/label.hpp"
#include "redis/error.hpp"

namespace samovar::broker {
namespace {

void log_reaped(const Reaped& reaped) {
    log::warning(
        fmt::format("worker {} ({}) has not renewed its lease: {} tasks put back, {} that it had acknowledged set "
                    "aside, {} given up",
                    reaped.node.empty() ? "of unknown name" : reaped.node, reaped.incarnation, reaped.put_back,
                    reaped.set_aside, reaped.given_up));
}

}  // namespace

Reaper::Reaper(Caretaker& broker, const Clock& clock, std::chrono::milliseconds lease)
    : broker_(broker), clock_(clock), lease_(lease), gate_(lease) {}

asio::awaitable<void> Reaper::run() {
    bool failed = false;
    do {
        try {
            co_await look();
            failed = false;
        } catch (const redis::Error& error) {
            gate_.failed();
            if (!std::exchange(failed, true))
                log::warning(fmt::format("whether workers have died is not known: {}", error.what()));
        }
    } while (!co_await stopped_.wait(lease_ / 3));
}

asio::awaitable<void> Reaper::look() {
    for (bool more = true; more;) {
        auto reaped = co_await reap();
        if (reaped.newer_layout && !std::exchange(beside_newer_, true))
            log::warning("the store belongs to a newer Samovar: this process takes nothing back there");
        beside_newer_ = reaped.newer_layout;
        if (reaped.old_layout) co_await take_over();
        more = !reaped.incarnation.empty();
        if (more) log_reaped(reaped);
        if (!reaped.unreported.empty()) co_await report(std::move(reaped.unreported));
    }
}

asio::awaitable<Reaped> Reaper::reap() {
    const auto sent = clock_.steady();
    auto reaped = co_await broker_.reap(gate_.sight(sent), most_per_call);
    gate_.answered(sent, clock_.steady(), reaped.store_time, reaped.run_id);
    co_return reaped;
}

asio::awaitable<void> Reaper::take_over() {
    for (;;) {
        const auto taken = co_await broker_.take_over(gate_.sight(clock_.steady()), most_per_call);
        if (taken.incarnation.empty()) co_return;
        log::warning(fmt::format("worker {} of an earlier layout is gone: {} tasks put back, {} were acknowledged",
                                 taken.incarnation, taken.put_back, taken.set_aside));
    }
}

// Whoever waits for a task that was given up learns of it.
asio::awaitable<void> Reaper::report(std::vector<std::string> envelopes) {
    std::vector<ResultWrite> failures;
    for (const auto& envelope : envelopes) {
        auto id = label(envelope, "id");
        if (id.empty() || asks_for_no_result(envelope)) continue;
        auto document = fill_failure(worker_lost_failure(), id, "", clock_.now());
        failures.push_back({std::move(id), std::move(document)});
    }
    if (!failures.empty()) co_await broker_.store_results(std::move(failures));
}

}  // namespace samovar::broker
