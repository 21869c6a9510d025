#include "worker/runner.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <samovar/log.hpp>

#include "redis/error.hpp"
#include "worker/documents.hpp"

namespace samovar::worker {
namespace {

namespace asio = boost::asio;

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
    };
}

std::string_view outcome_name(const task::Outcome& outcome) {
    constexpr std::string_view names[] = {"succeeded", "failed", "is tried again", "was rejected"};
    return names[outcome.index()];
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
    log::write(level, fmt::format("Task {}[{}] {} in {:.6f}s", job.message.task, job.message.id, outcome_name(outcome),
                                  seconds));
}

bool expired(const Job& job, WallTime now) { return job.message.expires && *job.message.expires <= now; }

}  // namespace

Runner::Runner(asio::any_io_executor executor, JobQueue& queue, Completer& completer, Marker& marker,
               broker::Broker& broker, const StoreClock& clock, std::size_t concurrency)
    : executor_(std::move(executor)),
      queue_(queue),
      completer_(completer),
      marker_(marker),
      broker_(broker),
      clock_(clock),
      concurrency_(concurrency) {}

Runner::~Runner() = default;

void Runner::pump() {
    const auto needed = std::min(concurrency_, queue_.blocking_backlog());
    while (threads_.size() < needed)
        threads_.emplace_back([this](std::stop_token stop) { thread_main(std::move(stop)); });
    while (auto job = queue_.take_coroutine())
        asio::co_spawn(executor_, run_coroutine(std::move(*job)), asio::detached);
}

void Runner::stop() {
    for (auto& thread : threads_) thread.request_stop();
}

void Runner::join() { threads_.clear(); }

void Runner::thread_main(std::stop_token stop) {
    while (auto job = queue_.take_blocking(stop)) {
        if (job->needs_mark() && !marker_.mark(*job)) {
            log::warning(fmt::format("Task {}[{}] does not start: it was taken back", job->message.task, job->message.id));
        } else if (expired(*job, clock_.now())) {
            finish(*job, expire_job(*job, clock_.now()));
        } else {
            Context context{describe(*job), job->epoch->stop.get_token()};
            const auto begun = clock_.steady();
            auto outcome = [&]() -> task::Outcome {
                try {
                    const auto body = message::decode_body(job->message);
                    return std::get<task::BlockingHandler>(job->definition->handler)(context, body);
                } catch (const message::DecodeError& error) {
                    return unreadable_body(error);
                }
            }();
            log_outcome(*job, outcome, clock_.steady() - begun);
            finish(*job, complete_job(*job, std::move(outcome), clock_.now()));
        }
        ended(*job);
    }
}

asio::awaitable<void> Runner::run_coroutine(Job job) {
    bool standing = true;
    if (job.needs_mark()) {
        try {
            std::vector<broker::Start> marks{mark_of(job)};
            standing = (co_await broker_.start(job.epoch->identity, std::move(marks))).at(0);
        } catch (const redis::Error& error) {
            // Unmarked it must not start; it stays reserved and goes back with the next reaping or shutdown.
            log::warning(fmt::format("Task {}[{}] cannot start: {}", job.message.task, job.message.id, error.what()));
            standing = false;
        }
    }
    if (standing && expired(job, clock_.now())) {
        finish(job, expire_job(job, clock_.now()));
    } else if (standing) {
        auto context = std::make_shared<Context>(describe(job), job.epoch->stop.get_token());
        const auto begun = clock_.steady();
        task::Outcome outcome;
        try {
            outcome = co_await std::get<task::CoroutineHandler>(job.definition->handler)(
                context, message::decode_body(job.message));
        } catch (const message::DecodeError& error) {
            outcome = unreadable_body(error);
        }
        log_outcome(job, outcome, clock_.steady() - begun);
        finish(job, complete_job(job, std::move(outcome), clock_.now()));
    }
    ended(job);
}

void Runner::finish(const Job& job, broker::Completion completion) {
    completer_.add(job.epoch, std::move(completion));
}

void Runner::ended(const Job& job) {
    queue_.finished(job);
    on_finished_();
}

}  // namespace samovar::worker
