#include "worker/runner.hpp"

#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/post.hpp>

#include <samovar/log.hpp>

#include "worker/documents.hpp"

namespace samovar::worker {
namespace {

namespace asio = boost::asio;
using Answer = broker::Started::Answer;

Context::Request describe(const Job& job) {
    const auto& message = job.message;
    return {
        .id = message.id,
        .task = message.task,
        .queue = job.route.queue,
        .retries = static_cast<int>(message.retries),
        .redelivered = message.redelivered || job.suspect,
        .root_id = message.root_id.value_or(message.id),
        .parent_id = message.parent_id,
        .eta = message.eta,
        .expires = message.expires,
        .headers = message.extra_headers,
        .fence = job.fence,
    };
}

std::string_view outcome_name(const task::Outcome& outcome) {
    constexpr std::string_view names[] = {"succeeded", "failed", "is tried again", "was rejected"};
    return names[outcome.index()];
}

std::string_view refusal_name(Answer answer) {
    switch (answer) {
        case Answer::taken:
            return "is skipped: another run is under way";
        case Answer::waits:
            return "waits: its limit is reached";
        default:
            return "does not start here";
    }
}

task::Outcome unreadable_body(const message::DecodeError& error) {
    return task::Failed{.fault = {.type = "DecodeError",
                                  .module = "kombu.exceptions",
                                  .arguments = {error.what()},
                                  .traceback = {}},
                        .dead_letter = true};
}

void log_outcome(const Job& job, const task::Outcome& outcome, SteadyTime::duration took) {
    const auto level = std::holds_alternative<task::Failed>(outcome) ? log::Level::error : log::Level::info;
    if (!log::enabled(level)) return;
    const auto seconds = std::chrono::duration<double>(took).count();
    log::write(level, fmt::format("Task {}[{}] {} in {:.6f}s", job.message.task, job.message.id,
                                  outcome_name(outcome), seconds));
}

bool expired(const Job& job, WallTime now) { return job.message.expires && *job.message.expires <= now; }

}  // namespace

// Coroutines come and go on the event loop, so who is free needs no lock.
class Runner::CoroutineSitting {
public:
    CoroutineSitting(Runner& runner, const Job& job, SteadyTime begun)
        : free_(runner.free_seats_), seat_(*free_.back()), sitting_(seat_, job, begun) {
        free_.pop_back();
    }
    ~CoroutineSitting() { free_.push_back(&seat_); }
    CoroutineSitting(const CoroutineSitting&) = delete;
    CoroutineSitting& operator=(const CoroutineSitting&) = delete;

private:
    std::vector<Seat*>& free_;
    Seat& seat_;
    const RunningJobs::Sitting sitting_;
};

Runner::Runner(asio::any_io_executor executor, Roles& roles, JobQueue& queue, Completer& completer,
               RunningJobs& running, const StoreClock& clock)
    : executor_(std::move(executor)),
      roles_(roles),
      queue_(queue),
      completer_(completer),
      running_(running),
      clock_(clock) {
    for (auto i = queue_.concurrency(); i < running_.seats(); ++i) free_seats_.push_back(&running_.seat(i));
    queue_.on_thread_needed([this] { return spawn(); });
}

Runner::~Runner() = default;

bool Runner::spawn() {
    const std::lock_guard lock{threads_mutex_};
    try {
        threads_.emplace_back([this, &seat = running_.seat(threads_.size())] { thread_main(seat); });
    } catch (const std::system_error& error) {
        if (!std::exchange(refused_a_thread_, true))
            log::warning(fmt::format("the system gives no more threads ({}): of {} tasks at a time, {} run",
                                     error.code().message(), queue_.concurrency(), threads_.size()));
        return false;
    }
    refused_a_thread_ = false;
    return true;
}

void Runner::pump() {
    while (auto job = queue_.take_coroutine())
        roles_.spawn_once(executor_, "what runs coroutines", run_coroutine(std::move(*job)));
}

void Runner::stop() { queue_.stop(); }

void Runner::join() {
    const std::lock_guard lock{threads_mutex_};
    threads_.clear();
}

void Runner::thread_main(Seat& seat) {
    for (auto job = queue_.take_blocking(true); job; job = queue_.take_blocking(false)) {
        auto ended = run_blocking(*job, seat);
        finish(std::move(*job), std::move(ended));
    }
}

Runner::Ended Runner::run_blocking(const Job& job, Seat& seat) const {
    if (expired(job, clock_.now())) return {expire_job(job, clock_.now())};
    Context context{describe(job), job.stop_token()};
    const auto begun = clock_.steady();
    job.definition->started.add();
    const RunningJobs::Sitting sitting{seat, job, begun};
    task::Outcome outcome;
    try {
        const auto body = message::decode_body(job.message);
        outcome = std::get<task::BlockingHandler>(job.definition->handler)(context, body);
    } catch (const message::DecodeError& error) {
        outcome = unreadable_body(error);
    }
    return end(job, std::move(outcome), begun);
}

asio::awaitable<void> Runner::run_coroutine(Job job) {
    auto ended = expired(job, clock_.now()) ? Ended{expire_job(job, clock_.now())} : co_await await_handler(job);
    finish(std::move(job), std::move(ended));
}

asio::awaitable<Runner::Ended> Runner::await_handler(Job job) {
    auto context = std::make_shared<Context>(describe(job), job.stop_token());
    const auto begun = clock_.steady();
    job.definition->started.add();
    const CoroutineSitting sitting{*this, job, begun};
    task::Outcome outcome;
    try {
        auto body = message::decode_body(job.message);
        outcome = co_await std::get<task::CoroutineHandler>(job.definition->handler)(context, std::move(body));
    } catch (const message::DecodeError& error) {
        outcome = unreadable_body(error);
    }
    co_return end(job, std::move(outcome), begun);
}

Runner::Ended Runner::end(const Job& job, task::Outcome outcome, SteadyTime begun) const {
    const auto ran = clock_.steady() - begun;
    log_outcome(job, outcome, ran);
    return {complete_job(job, std::move(outcome), clock_.now()), ran};
}

void Runner::finish(Job job, Ended ended) {
    leave_limits(ended.completion, job);
    completer_.add(std::move(job.epoch), std::move(ended.completion), Slot{job.suspect, ended.ran});
}

// It does not start here. What another run has taken the turn of ends now; what waits is in the store; what is
// gone is not ours any more, or goes back when this worker leaves. An empty completion frees the slot and no more.
void Runner::refuse(Job job, Answer answer) {
    const auto skipped = answer == Answer::taken;
    log::write(answer == Answer::gone ? log::Level::warning : log::Level::info,
               fmt::format("Task {}[{}] {}", job.message.task, job.message.id, refusal_name(answer)));
    completer_.add(std::move(job.epoch), skipped ? skip_job(job, clock_.now()) : broker::Completion{},
                   Slot{job.suspect});
}

}  // namespace samovar::worker
