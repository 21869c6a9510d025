#include "worker/completer.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include <samovar/log.hpp>

#include "redis/error.hpp"
#include "worker/documents.hpp"

namespace samovar::worker {
namespace {

namespace asio = boost::asio;

std::size_t weight(const broker::Completion& completion) {
    std::size_t bytes = completion.result ? completion.result->document.size() : 0;
    for (const auto& move : completion.moves) bytes += move.envelope.size();
    for (const auto& other : completion.others) bytes += other.document.size();
    return bytes;
}

// What a completion is about; a rejected message has no result.
std::string task_id_of(const broker::Completion& completion) {
    if (completion.result) return completion.result->task_id;
    return completion.moves.empty() ? std::string{} : completion.moves.front().id;
}

// It cannot end as it was to, by its own fault: a dead letter and FAILURE take the place of its outcome.
broker::Completion as_dead_letter(broker::Completion completion, std::string type, const std::string& reason,
                                  WallTime now) {
    broker::Move dead{.kind = broker::Move::Kind::dead, .id = task_id_of(completion)};
    using Kind = broker::Move::Kind;
    const auto frees = [](const auto& move) { return move.kind == Kind::leave || move.kind == Kind::unclaim; };
    if (!completion.moves.empty() && !frees(completion.moves.front())) {
        dead.route = completion.moves.front().route;
        dead.task = completion.moves.front().task;
    }
    dead.reason = reason;
    completion.result.reset();
    if (!dead.id.empty())
        completion.result = failure_document(
            dead.id,
            {.type = std::move(type), .module = "builtins", .arguments = {Value{reason}}, .traceback = {}}, now);
    completion.others.clear();
    std::erase_if(completion.moves, std::not_fn(frees));
    completion.moves.push_back(std::move(dead));
    return completion;
}

void report_gone(std::ptrdiff_t gone, std::size_t all) {
    if (gone > 0)
        log::warning(
            fmt::format("{} of {} completions changed nothing: their reservations had ended before", gone, all));
}

}  // namespace

Completer::Completer(broker::Consumer& broker, const StoreClock& clock, std::size_t max_result_size)
    : broker_(broker),
      clock_(clock),
      max_result_size_(max_result_size),
      trouble_(clock.local(), "ended tasks are not completed yet") {}

// A result that is too large for the store's sake ends its task here, and holds up nobody.
broker::Completion Completer::bounded(broker::Completion completion) const {
    const auto size = completion.result ? completion.result->document.size() : 0;
    if (size <= max_result_size_) return completion;
    auto reason = fmt::format("the result of {} bytes is over the limit of {} bytes (max_result_size)", size,
                              max_result_size_);
    log::error(fmt::format("Task [{}] has failed: {}", completion.result->task_id, reason));
    return as_dead_letter(std::move(completion), "ValueError", reason, clock_.now());
}

void Completer::add(std::shared_ptr<Epoch> epoch, broker::Completion completion, std::optional<Slot> slot) {
    completion = bounded(std::move(completion));
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
}

asio::awaitable<void> Completer::send(Batch batch) {
    const auto epoch = batch.front().epoch;
    std::vector<broker::Completion> completions;
    completions.reserve(batch.size());
    for (auto& entry : batch)
        if (!entry.completion.reservation.empty()) completions.push_back(std::move(entry.completion));
    if (completions.empty()) co_return;
    co_await send_until_answered(epoch, std::move(completions));
}

// The reservations stand meanwhile, and so nothing runs twice, however long it takes.
asio::awaitable<void> Completer::send_until_answered(std::shared_ptr<Epoch> epoch, Completions completions) {
    while (!completions.empty() && !abandoned()) {
        std::chrono::milliseconds pause{0};
        bool refused = false;
        try {
            completions = co_await send_once(epoch, completions);
            trouble_.over();
        } catch (const redis::Error& error) {
            pause = trouble_.after(error);
            refused = error.kind() == redis::Errc::server_error;
        }
        // The server says no to one of them, perhaps: the others are not to wait for it.
        if (refused && completions.size() > 1) completions = co_await send_each(epoch, std::move(completions));
        if (pause.count() > 0) co_await abandoned_signal_.wait(pause);
    }
}

// Those that have to be sent in another way. Errors: redis::Error.
asio::awaitable<Completer::Completions> Completer::send_once(std::shared_ptr<Epoch> epoch,
                                                             Completions completions) {
    const auto answers = co_await broker_.complete(epoch->identity, completions);
    Completions again;
    for (std::size_t i = 0; i < completions.size(); ++i) {
        if (answers.at(i) == broker::Completed::no_queue) {
            constexpr auto reason = "the key of the queue that it leads to holds another type";
            log::error(fmt::format("Task [{}] cannot end: {}", task_id_of(completions[i]), reason));
            again.push_back(as_dead_letter(std::move(completions[i]), "ValueError", reason, clock_.now()));
        } else {
            epoch->open.ended(completions[i].reservation);
        }
    }
    report_gone(std::ranges::count(answers, broker::Completed::gone), answers.size());
    co_return again;
}

// Those that the store refuses.
asio::awaitable<Completer::Completions> Completer::send_each(std::shared_ptr<Epoch> epoch,
                                                             Completions completions) {
    Completions refused;
    for (auto& completion : completions) {
        try {
            for (auto& again : co_await send_once(epoch, {completion})) refused.push_back(std::move(again));
        } catch (const redis::Error&) {
            refused.push_back(std::move(completion));
        }
    }
    co_return refused;
}

bool Completer::abandoned() const {
    const std::lock_guard lock{mutex_};
    return abandoned_;
}

}  // namespace samovar::worker
