#include "worker/completer.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include <samovar/log.hpp>

#include "redis/error.hpp"
#include "worker/refusal_pause.hpp"

namespace samovar::worker {
namespace {

namespace asio = boost::asio;

std::size_t weight(const broker::Completion& completion) {
    std::size_t bytes = completion.result ? completion.result->document.size() : 0;
    for (const auto& move : completion.moves) bytes += move.envelope.size();
    for (const auto& other : completion.others) bytes += other.document.size();
    return bytes;
}

// The store said no to this completion alone, e.g. because a queue's key holds another type.
broker::Completion as_dead_letter(broker::Completion completion, const std::string& reason) {
    broker::Move dead{.kind = broker::Move::Kind::dead};
    using Kind = broker::Move::Kind;
    const auto frees = [](const auto& move) { return move.kind == Kind::leave || move.kind == Kind::unclaim; };
    if (!completion.moves.empty() && !frees(completion.moves.front())) {
        dead.route = completion.moves.front().route;
        dead.id = completion.moves.front().id;
        dead.task = completion.moves.front().task;
    } else if (completion.result) {
        dead.id = completion.result->task_id;
    }
    dead.reason = reason;
    completion.result.reset();
    completion.others.clear();
    std::erase_if(completion.moves, std::not_fn(frees));
    completion.moves.push_back(std::move(dead));
    return completion;
}

void report_gone(const std::vector<broker::Completed>& answers) {
    const auto gone = std::ranges::count(answers, broker::Completed::gone);
    if (gone > 0)
        log::warning(fmt::format("{} of {} completions changed nothing: their reservations had ended before", gone,
                                 answers.size()));
}

// kombu needs two round trips. All workers together then touch `unacked` about a thousand times a second.
constexpr std::chrono::milliseconds room_for_each_worker{1};
constexpr std::chrono::milliseconds most_room{20};

}  // namespace

Completer::Completer(broker::Broker& broker) : broker_(broker) {}

void Completer::add(std::shared_ptr<Epoch> epoch, broker::Completion completion, std::optional<Slot> slot) {
    {
        const std::lock_guard lock{mutex_};
        entries_.push_back({std::move(epoch), std::move(completion), slot});
    }
    added_.raise();
}

void Completer::give_back(std::vector<Job> jobs) {
    // Each goes to the consuming end, in front of the one before it: so the last comes first.
    for (auto& job : jobs | std::views::reverse) {
        broker::Completion completion;
        completion.reservation = std::move(job.reservation);
        completion.moves.push_back({.kind = broker::Move::Kind::front, .route = std::move(job.route)});
        add(std::move(job.epoch), std::move(completion), std::nullopt);
    }
}

void Completer::close() {
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
    }
    added_.raise();
}

void Completer::abandon() {
    {
        const std::lock_guard lock{mutex_};
        abandoned_ = closed_ = true;
    }
    abandoned_signal_.raise();
    added_.raise();
}

Completer::Batch Completer::take() {
    const std::lock_guard lock{mutex_};
    if (abandoned_) entries_.clear();
    std::size_t bytes = 0;
    std::size_t count = 0;
    while (count < entries_.size() && count < broker::most_per_call && bytes < broker::most_bytes_per_call &&
           entries_[count].epoch == entries_.front().epoch)
        bytes += weight(entries_[count++].completion);
    if (count == entries_.size()) return std::exchange(entries_, {});
    const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(count);
    Batch batch{std::make_move_iterator(entries_.begin()), std::make_move_iterator(end)};
    entries_.erase(entries_.begin(), end);
    return batch;
}

asio::awaitable<void> Completer::run() {
    for (;;) {
        co_await added_.wait(for_ever);
        added_.reset();
        for (auto batch = take(); !batch.empty(); batch = take()) co_await send_and_release(std::move(batch));
        const std::lock_guard lock{mutex_};
        if (closed_ && entries_.empty()) break;
    }
    drained_.raise();
}

asio::awaitable<void> Completer::drained() { co_await drained_.wait(for_ever); }

asio::awaitable<void> Completer::send_and_release(Batch batch) {
    std::vector<Slot> slots;
    for (const auto& entry : batch)
        if (entry.slot) slots.push_back(*entry.slot);
    co_await send(std::move(batch));
    if (!slots.empty()) on_released_(slots);
    if (const auto room = room_.load(); room.count() > 0) co_await abandoned_signal_.wait(room);
}

asio::awaitable<void> Completer::send(Batch batch) {
    const auto epoch = batch.front().epoch;
    if (epoch->stop.stop_requested()) {
        log::warning(fmt::format(
            "{} results discarded: this worker was taken for dead and its tasks run elsewhere", batch.size()));
        co_return;
    }
    std::vector<broker::Completion> completions;
    completions.reserve(batch.size());
    for (auto& entry : batch)
        if (!entry.completion.reservation.empty()) completions.push_back(std::move(entry.completion));
    if (completions.empty()) co_return;
    if (!co_await try_send(epoch, completions)) co_await send_each(epoch, std::move(completions));
}

// False: the store refuses this batch, now and for ever.
asio::awaitable<bool> Completer::try_send(std::shared_ptr<Epoch> epoch,
                                          std::vector<broker::Completion> completions) {
    RefusalPause refusals{between_tries};
    for (;;) {
        auto pause = between_tries;
        try {
            report_gone(co_await broker_.complete(epoch->identity, completions));
            co_return true;
        } catch (const redis::Error& error) {
            const std::lock_guard lock{mutex_};
            if (abandoned_ || epoch->stop.stop_requested()) co_return true;
            if (!redis::is_transient(error) && !redis::refuses_sign_in(error)) {
                log::error(
                    fmt::format("the store refuses to complete {} tasks: {}", completions.size(), error.what()));
                co_return false;
            }
            log::warning(fmt::format("completing {} tasks is tried again: {}", completions.size(), error.what()));
            pause = refusals.after(error);
        }
        co_await abandoned_signal_.wait(pause);
    }
}

asio::awaitable<void> Completer::send_each(std::shared_ptr<Epoch> epoch,
                                           std::vector<broker::Completion> completions) {
    for (auto& completion : completions) {
        if (co_await try_send(epoch, {completion})) continue;
        const auto reservation = completion.reservation;
        std::vector<broker::Completion> dead;
        dead.push_back(as_dead_letter(std::move(completion), "the store refused its completion"));
        if (!co_await try_send(epoch, std::move(dead)))
            log::error(fmt::format("reservation {} stays until this worker leaves", reservation));
    }
}

std::chrono::milliseconds room_for_kombu(const broker::Lease& lease) {
    if (lease.held_by_python == 0) return std::chrono::milliseconds{0};
    const auto workers = static_cast<std::chrono::milliseconds::rep>(lease.workers);
    return std::min(workers * room_for_each_worker, most_room);
}

}  // namespace samovar::worker
