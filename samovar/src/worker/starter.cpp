#include "worker/starter.hpp"

#include <algorithm>
#include <utility>

#include "redis/error.hpp"
#include "redis/trouble.hpp"

namespace samovar::worker {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds between_doubts{100};

broker::Start mark_of(const Job& job) {
    // A suspect that acknowledges early is acknowledged: it will not run again, whatever happens.
    const bool early = job.acknowledged_early();
    return {.reservation = job.reservation,
            .suspect_fingerprint = early ? std::string{} : job.fingerprint,
            .unmarked = !early && !job.suspect,
            .id = job.message.id,
            .limits = job.limits};
}

bool ended(broker::Started::Answer answer) {
    return answer == broker::Started::Answer::gone || answer == broker::Started::Answer::waits;
}

bool any_goes(const std::vector<broker::Started>& started) {
    return std::ranges::any_of(started, [](const auto& one) { return one.answer == broker::Started::Answer::go; });
}

}  // namespace

Starter::Starter(broker::Consumer& broker, const Clock& clock) : broker_(broker), clock_(clock) {}

broker::Started Starter::mark(const Job& job) {
    std::future<broker::Started> answer;
    {
        const std::lock_guard lock{mutex_};
        if (stopped_) return {};
        requests_.push_back({job.epoch, mark_of(job), {}});
        answer = requests_.back().answer.get_future();
    }
    asked_.raise();
    return answer.get();
}

void Starter::stop() {
    std::vector<Request> refused;
    {
        const std::lock_guard lock{mutex_};
        stopped_ = true;
        refused = std::exchange(requests_, {});
    }
    for (auto& request : refused) request.answer.set_value({});
    stopped_signal_.raise();
    asked_.raise();
}

std::vector<Starter::Request> Starter::take() {
    const std::lock_guard lock{mutex_};
    if (requests_.empty()) return {};
    const auto epoch = requests_.front().epoch;
    std::vector<Request> taken;
    std::vector<Request> others;
    for (auto& request : requests_) (request.epoch == epoch ? taken : others).push_back(std::move(request));
    requests_ = std::move(others);
    return taken;
}

asio::awaitable<void> Starter::run() {
    for (;;) {
        co_await asked_.wait(for_ever);
        asked_.reset();
        for (auto requests = take(); !requests.empty(); requests = take()) co_await send(std::move(requests));
        const std::lock_guard lock{mutex_};
        if (stopped_) co_return;
    }
}

asio::awaitable<void> Starter::send(std::vector<Request> requests) {
    std::vector<broker::Start> starts;
    for (const auto& request : requests) starts.push_back(request.start);
    const auto standing = co_await ask(requests.front().epoch, std::move(starts));
    for (std::size_t i = 0; i < requests.size(); ++i) requests[i].answer.set_value(standing[i]);
}

asio::awaitable<broker::Started> Starter::async_mark(Job job) {
    std::vector<broker::Start> starts{mark_of(job)};
    const auto standing = co_await ask(job.epoch, std::move(starts));
    co_return standing.front();
}

// Until the store answers, what is not marked must not start; and an answer that comes after the lease tells what
// was: others may run by now what it allowed. Once this worker knows that it was taken for dead, the answer
// stands.
asio::awaitable<std::vector<broker::Started>> Starter::ask(std::shared_ptr<Epoch> epoch,
                                                           std::vector<broker::Start> starts) {
    redis::Trouble trouble{clock_, "tasks cannot start yet"};
    while (!stopped()) {
        std::chrono::milliseconds pause;
        try {
            const bool settled = epoch->stop.stop_requested();
            auto started = co_await broker_.start(epoch->identity, starts);
            trouble.over();
            if (settled || !any_goes(started) || !epoch->doubtful(clock_.steady())) {
                for (std::size_t i = 0; i < starts.size(); ++i)
                    if (ended(started.at(i).answer)) epoch->open.ended(starts[i].reservation);
                co_return started;
            }
            pause = between_doubts;
        } catch (const redis::Error& error) {
            pause = trouble.after(error);
        }
        co_await stopped_signal_.wait(pause);
    }
    co_return std::vector<broker::Started>(starts.size());
}

bool Starter::stopped() {
    const std::lock_guard lock{mutex_};
    return stopped_;
}

}  // namespace samovar::worker
