#include "worker/fetcher.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <samovar/log.hpp>

#include "redis/error.hpp"

namespace samovar::worker {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds after_failure{100};

}  // namespace

Fetcher::Fetcher(FetcherOptions options, broker::Consumer& broker, JobQueue& queue, Runner& runner,
                 Completer& completer, const task::Registry& registry, Registration& registration,
                 const StoreClock& clock)
    : options_(std::move(options)),
      broker_(broker),
      queue_(queue),
      runner_(runner),
      completer_(completer),
      registry_(registry),
      registration_(registration),
      clock_(clock),
      demand_(queue.concurrency()),
      trouble_(clock.local(), "no task is reserved", after_failure) {}

void Fetcher::finished(std::size_t count) {
    demand_.finished(count, clock_.steady());
    progress_.raise();
}

void Fetcher::stop() {
    stopped_ = true;
    progress_.raise();
    stopped_signal_.raise();
    reserved_.raise();
    broker_.interrupt_wait();
}

asio::awaitable<void> Fetcher::run() {
    while (!stopped_) {
        progress_.reset();
        runner_.pump();
        const auto want = demand_.want(queue_.occupied(), queue_.unstarted(), clock_.steady());
        hungry_ = want > 0;
        if (want > 0)
            co_await fetch(want);
        else
            co_await progress_.wait(for_ever);
    }
}

// A reservation that found too little is followed by a watch, so that nothing that comes is missed, and by another
// only if there is something after all.
asio::awaitable<void> Fetcher::fetch(std::size_t want) {
    auto pause = after_failure;
    try {
        if (drained_)
            co_await watch();
        else
            co_await reserve(want);
        trouble_.over();
        co_return;
    } catch (const redis::Error& error) {
        // The same batch number goes out again: whatever the lost call took is in its answer.
        pause = trouble_.after(error);
    }
    co_await stopped_signal_.wait(pause);
}

asio::awaitable<void> Fetcher::watch() {
    const auto begun = clock_.steady();
    drained_ = !co_await broker_.watch(options_.routes);
    ++answered_;
    if (!drained_ || stopped_) co_return;
    co_await broker_.wait(options_.rearm);
    // Something came: no look is needed before the next reservation.
    drained_ = clock_.steady() - begun >= options_.rearm;
}

asio::awaitable<void> Fetcher::reserve(std::size_t want) {
    const auto epoch = registration_.current();
    if (epoch_ != epoch) {
        epoch_ = epoch;
        batch_ = 0;
    }
    broker::ReserveOptions options{.routes = options_.routes,
                                   .max_messages = want,
                                   .max_message_size = options_.bounds.size,
                                   .batch = batch_ + 1,
                                   .may_start = std::min(queue_.startable(), want)};
    const auto may_start = options.may_start_place();
    auto reservation = co_await broker_.reserve(epoch->identity, std::move(options));
    if (reservation.lost) {
        co_await stopped_signal_.wait(after_failure);
        co_return;
    }
    ++batch_;
    ++answered_;
    drained_ = reservation.messages.size() + reservation.refused.size() < want;
    epoch->now_may_start(may_start);
    accept(std::move(reservation), epoch);
}

void Fetcher::dismiss(const std::shared_ptr<Epoch>& epoch, Dismissed dismissed) {
    const auto line = fmt::format("Task {}[{}] {}", dismissed.task, dismissed.task_id, dismissed.reason);
    log::write(dismissed.dead ? log::Level::error : log::Level::info, line);
    completer_.add(epoch, std::move(dismissed.completion), std::nullopt);
}

void Fetcher::accept(broker::Reservation reservation, const std::shared_ptr<Epoch>& epoch) {
    for (const auto& refused : reservation.refused)
        log::error(fmt::format("Task {}[{}] from {} is dead: {}", refused.task, refused.task_id, refused.queue,
                               refused.reason));
    epoch->open.reserved(batch_, reservation.messages);
    std::vector<Job> jobs;
    jobs.reserve(reservation.messages.size());
    // Not this process's idea of the time: what a promoter found due would be put off again by a clock that is
    // behind.
    const auto now = reservation.store_time;
    for (auto& message : reservation.messages) {
        auto intake = take_in(std::move(message), epoch, registry_, options_.bounds, now);
        if (auto* dismissed = std::get_if<Dismissed>(&intake)) {
            dismiss(epoch, std::move(*dismissed));
            continue;
        }
        auto& job = std::get<Job>(intake);
        if (log::enabled(log::Level::info))
            log::info(fmt::format("Task {}[{}] received", job.message.task, job.message.id));
        jobs.push_back(std::move(job));
    }
    if (jobs.empty()) return;
    queue_.push(std::move(jobs));
    runner_.pump();
    reserved_.raise();
}

// Ticks only while something is reserved and not started.
asio::awaitable<void> Fetcher::give_back() {
    auto seen = queue_.taken();
    auto since = clock_.steady();
    while (!stopped_) {
        if (queue_.unstarted() == 0) {
            co_await reserved_.wait(for_ever);
            reserved_.reset();
            since = clock_.steady();
        }
        co_await stopped_signal_.wait(options_.give_back_after / 4);
        if (queue_.waiting_for_probation()) {
            queue_.recheck();
            runner_.pump();
        }
        if (const auto taken = queue_.taken(); taken != seen) {
            seen = taken;
            since = clock_.steady();
        }
        if (clock_.steady() - since < options_.give_back_after) continue;
        auto jobs = queue_.withdraw(false);
        if (!jobs.empty()) log::debug(fmt::format("{} tasks go back unstarted", jobs.size()));
        completer_.give_back(std::move(jobs));
    }
}

}  // namespace samovar::worker
