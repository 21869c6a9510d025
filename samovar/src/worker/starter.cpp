#include "worker/starter.hpp"

#include <algorithm>
#include <utility>

#include "redis/error.hpp"
#include "redis/trouble.hpp"

namespace samovar::worker {
namespace {

namespace asio = boost::asio;
using Answer = broker::Started::Answer;

constexpr std::chrono::milliseconds between_doubts{100};

broker::Start start_of(const Job& job) {
    // A suspect that acknowledges early is acknowledged: it will not run again, whatever happens.
    const bool early = job.acknowledged_early();
    return {.reservation = job.reservation,
            .suspect_fingerprint = early ? std::string{} : job.fingerprint,
            .late = !early,
            .id = job.message.id,
            .limits = job.limits};
}

bool ended(Answer answer) { return answer == Answer::gone || answer == Answer::waits; }

// Those of the first one's epoch; the others stay.
std::vector<Job> split_epoch(std::vector<Job>& jobs) {
    const auto epoch = jobs.front().epoch;
    std::vector<Job> first;
    std::vector<Job> rest;
    for (auto& job : jobs) (job.epoch == epoch ? first : rest).push_back(std::move(job));
    jobs = std::move(rest);
    return first;
}

bool any_goes(const std::vector<broker::Started>& started) {
    return std::ranges::any_of(started, [](const auto& one) { return one.answer == Answer::go; });
}

}  // namespace

Starter::Starter(broker::Consumer& broker, JobQueue& queue, const Clock& clock)
    : broker_(broker), queue_(queue), clock_(clock) {
    queue_.on_asking_needed([this] { asked_.raise(); });
}

std::vector<broker::Start> Starter::starts_of(const std::vector<Job>& jobs) {
    std::vector<broker::Start> starts;
    starts.reserve(jobs.size());
    for (const auto& job : jobs) starts.push_back(start_of(job));
    return starts;
}

void Starter::stop() {
    stop_asked_ = true;
    stopped_.raise();
    asked_.raise();
}

asio::awaitable<void> Starter::run() {
    while (!stop_asked_) {
        co_await asked_.wait(for_ever);
        asked_.reset();
        for (auto jobs = queue_.take_to_ask(); !jobs.empty();) {
            co_await ask(split_epoch(jobs));
            if (jobs.empty()) jobs = queue_.take_to_ask();
        }
        handlers.let_start();
    }
}

// Until the store answers, what it does not let start must not; and an answer that comes after the lease tells
// what was: others may run by now what it allowed. Once this worker knows that it was taken for dead, the answer
// stands.
asio::awaitable<void> Starter::ask(std::vector<Job> jobs) {
    const auto epoch = jobs.front().epoch;
    std::vector<broker::Started> answers(jobs.size());
    redis::Trouble trouble{clock_, "tasks cannot start yet"};
    for (bool stands = false; !stands && !stop_asked_;) {
        std::chrono::milliseconds pause = between_doubts;
        try {
            const bool lost = epoch->stop.stop_requested();
            answers = co_await broker_.start(epoch->identity, starts_of(jobs));
            trouble.over();
            stands = lost || !any_goes(answers) || !epoch->doubtful(clock_.steady());
        } catch (const redis::Error& error) {
            pause = trouble.after(error);
        }
        if (!stands) co_await stopped_.wait(pause);
    }
    settle(std::move(jobs), answers);
}

void Starter::settle(std::vector<Job> jobs, const std::vector<broker::Started>& answers) {
    std::vector<Job> let;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        auto& job = jobs[i];
        if (ended(answers.at(i).answer)) job.epoch->open.ended(job.reservation);
        if (answers[i].answer == Answer::go) {
            job.fence = answers[i].fence;
            let.push_back(std::move(job));
        } else {
            handlers.refused(std::move(job), answers[i].answer);
        }
    }
    if (let.empty()) return;
    queue_.let_start(std::move(let));
    handlers.let_start();
}

}  // namespace samovar::worker
