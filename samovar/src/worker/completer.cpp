#include "worker/completer.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include <samovar/log.hpp>

#include "base/overloaded.hpp"
#include "redis/error.hpp"
#include "worker/documents.hpp"

namespace samovar::worker {
namespace {

namespace asio = boost::asio;

// In a store that answers slowly, handlers that took longer than this are no short ones.
constexpr std::chrono::milliseconds longest_brief{5};

// Of a move that leads a message somewhere; else nullptr.
const std::string* envelope_of(const broker::Move& move) {
    return std::visit(Overloaded{[](const broker::FreePlace&) -> const std::string* { return nullptr; },
                                 [](const broker::EndClaim&) -> const std::string* { return nullptr; },
                                 [](const auto& leads) { return &leads.envelope; }},
                      move);
}

std::size_t weight(const broker::Completion& completion) {
    std::size_t bytes = completion.result ? completion.result->document.size() : 0;
    for (const auto& move : completion.moves)
        if (const auto* envelope = envelope_of(move)) bytes += envelope->size();
    for (const auto& other : completion.others) bytes += other.document.size();
    return bytes;
}

// What it says of its message, as a dead letter that has no reason yet; a rejected message has no result.
broker::Bury letter_of(const broker::Completion& completion) {
    broker::Bury letter;
    if (!completion.moves.empty())
        std::visit(Overloaded{[](const broker::FreePlace&) {}, [](const broker::EndClaim&) {},
                              [&](const auto& leads) {
                                  letter.route = leads.route;
                                  letter.id = leads.id;
                                  letter.task = leads.task;
                              }},
                   completion.moves.front());
    if (completion.result) letter.id = completion.result->task_id;
    return letter;
}

// It cannot end as it was to, by its own fault: a dead letter and FAILURE take the place of its outcome.
broker::Completion as_dead_letter(broker::Completion completion, std::string type, const std::string& reason,
                                  WallTime now) {
    auto letter = letter_of(completion);
    letter.reason = reason;
    completion.result.reset();
    if (!letter.id.empty())
        completion.result = failure_document(
            letter.id,
            {.type = std::move(type), .module = "builtins", .arguments = {Value{reason}}, .traceback = {}}, now);
    completion.others.clear();
    std::erase_if(completion.moves, envelope_of);
    completion.moves.push_back(std::move(letter));
    return completion;
}

void report_gone(std::ptrdiff_t gone, std::size_t all) {
    if (gone > 0)
        log::warning(
            fmt::format("{} of {} completions changed nothing: their reservations had ended before", gone, all));
}

}  // namespace

Completer::Completer(broker::Consumer& broker, JobQueue& queue, Starter& starter, const StoreClock& clock,
                     std::size_t max_result_size)
    : broker_(broker),
      queue_(queue),
      starter_(starter),
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
        completion.moves.push_back(broker::Push{.route = std::move(job.route), .front = true});
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
        for (auto batch = take(); !batch.empty(); batch = take())
            co_await send(std::make_shared<Call>(make_call(std::move(batch))));
        const std::lock_guard lock{mutex_};
        if (closed_ && entries_.empty()) break;
    }
    if (++ended_ == calls_in_flight) drained_.raise();
}

asio::awaitable<void> Completer::drained() { co_await drained_.wait(for_ever); }

void Completer::release(std::vector<Slot> slots) {
    if (!slots.empty()) on_released_(slots);
}

Completer::Call Completer::make_call(Batch batch) {
    Call call{.epoch = batch.front().epoch};
    call.completions.reserve(batch.size());
    std::vector<Slot> free;
    bool any_brief = false;
    for (auto& entry : batch) {
        const bool completes = !entry.completion.reservation.empty();
        if (entry.slot) {
            const bool brief = !entry.slot->suspect && entry.slot->ran < round_trip_;
            any_brief = any_brief || brief;
            (completes && !brief ? call.slots : free).push_back(*entry.slot);
        }
        if (completes) call.completions.push_back(std::move(entry.completion));
    }
    queue_.expect_brief(any_brief);
    release(std::move(free));
    if (call.completions.empty()) return call;
    call.riders = queue_.take_riders(call.epoch, call.slots.size());
    call.may_start = queue_.startable_place(call.epoch, call.slots.size());
    return call;
}

// The reservations stand meanwhile, and so nothing runs twice, however long it takes.
asio::awaitable<void> Completer::send(std::shared_ptr<Call> call) {
    while (!call->completions.empty() && !abandoned()) {
        std::chrono::milliseconds pause{0};
        bool refused = false;
        try {
            co_await send_once(call);
            trouble_.over();
        } catch (const redis::Error& error) {
            pause = trouble_.after(error);
            refused = error.kind() == redis::Errc::server_error;
        }
        // The server says no to one of them, perhaps: the others are not to wait for it.
        if (refused && call->completions.size() > 1) co_await send_each(call);
        if (pause.count() > 0) co_await abandoned_signal_.wait(pause);
    }
    release(std::move(call->slots));
}

// Leaves those that have to be sent in another way. Errors: redis::Error.
asio::awaitable<void> Completer::send_once(std::shared_ptr<Call> call) {
    const bool lost = call->epoch->stop.stop_requested();
    const auto begun = clock_.steady();
    const auto answers =
        co_await broker_.complete(call->epoch->identity, {.completions = call->completions,
                                                          .starts = Starter::starts_of(call->riders),
                                                          .may_start = call->may_start});
    round_trip_ = std::min<SteadyTime::duration>(clock_.steady() - begun, longest_brief);
    call->epoch->now_may_start(call->may_start);
    std::vector<broker::Completion> again;
    for (std::size_t i = 0; i < call->completions.size(); ++i) {
        auto& completion = call->completions[i];
        if (answers.completed.at(i) == broker::Completed::no_queue) {
            constexpr auto reason = "the key of the queue that it leads to holds another type";
            log::error(fmt::format("Task [{}] cannot end: {}", letter_of(completion).id, reason));
            again.push_back(as_dead_letter(std::move(completion), "ValueError", reason, clock_.now()));
        } else {
            call->epoch->open.ended(completion.reservation);
        }
    }
    report_gone(std::ranges::count(answers.completed, broker::Completed::gone), answers.completed.size());
    call->completions = std::move(again);
    release(std::exchange(call->slots, {}));
    // An answer that comes after the lease tells what was; see Starter.
    if (!lost && call->epoch->doubtful(clock_.steady()))
        queue_.ask_again(std::exchange(call->riders, {}));
    else
        starter_.settle(std::exchange(call->riders, {}), answers.started);
}

// Leaves those that the store refuses. What rides is asked for by itself.
asio::awaitable<void> Completer::send_each(std::shared_ptr<Call> call) {
    queue_.ask_again(std::exchange(call->riders, {}));
    std::vector<broker::Completion> refused;
    for (auto& completion : call->completions) {
        const auto one = std::make_shared<Call>(Call{.epoch = call->epoch, .completions = {completion}});
        try {
            co_await send_once(one);
            std::ranges::move(one->completions, std::back_inserter(refused));
        } catch (const redis::Error&) {
            refused.push_back(std::move(completion));
        }
    }
    call->completions = std::move(refused);
}

bool Completer::abandoned() const {
    const std::lock_guard lock{mutex_};
    return abandoned_;
}

}  // namespace samovar::worker
