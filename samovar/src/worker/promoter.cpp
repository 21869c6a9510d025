#include "worker/promoter.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "redis/error.hpp"
#include "redis/trouble.hpp"

namespace samovar::worker {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds after_a_failure{100};
constexpr std::size_t most_listed = 1'000;
constexpr std::size_t most_listed_bytes = std::size_t{4} << 20;

}  // namespace

Promoter::Promoter(broker::Broker& broker, const Registration& registration, const StoreClock& clock,
                   std::chrono::milliseconds lease)
    : broker_(broker), registration_(registration), clock_(clock), lease_(lease) {}

void Promoter::stop() {
    stopping_ = true;
    stopped_.raise();
    broker_.interrupt_wait();
}

void Promoter::promotes(bool so) {
    if (so && !promotes_) broker_.interrupt_wait();
}

asio::awaitable<void> Promoter::run() {
    bool listens = false;
    redis::Trouble trouble{clock_.local(), "delayed tasks wait", after_a_failure};
    while (!stopping_) {
        std::optional<std::chrono::milliseconds> failed;
        try {
            if (!std::exchange(listens, true))
                co_await broker_.listen_for_handover([this] { broker_.interrupt_wait(); });
            const auto pause = co_await promote();
            trouble.over();
            if (!stopping_) co_await broker_.wait_for_delayed(pause);
        } catch (const redis::Error& error) {
            listens = false;
            failed = trouble.after(error);
        }
        if (failed) co_await stopped_.wait(*failed);
    }
}

// Returns how long nothing is due, or overdue where another worker promotes.
asio::awaitable<std::chrono::milliseconds> Promoter::promote() {
    const auto who = registration_.current()->identity;
    const auto promotion = co_await broker_.promote(who, broker::most_per_call, false);
    promotes_ = !promotion.lost;
    const auto longest = promotes_ ? lease_ / 3 : lease_;
    if (!promotion.next_due) co_return longest;
    const auto patience = promotes_ ? std::chrono::milliseconds{0} : broker::overdue;
    const auto wait =
        std::chrono::ceil<std::chrono::milliseconds>(*promotion.next_due - promotion.store_time) + patience;
    co_return std::clamp(wait, std::chrono::milliseconds{0}, longest);
}

// Looked up in the store: what this worker last heard of its promotership may be out of date.
asio::awaitable<control::DelayedTasks> Promoter::delayed() {
    control::DelayedTasks tasks;
    const auto who = registration_.current()->identity;
    const auto promotion = co_await broker_.promote(who, broker::most_per_call, false);
    if (promotion.lost) co_return tasks;
    std::size_t bytes = 0;
    std::optional<std::size_t> rank = 0;
    while (rank && tasks.messages.size() < most_listed && bytes < most_listed_bytes) {
        auto page = co_await broker_.delayed(*rank, most_listed - tasks.messages.size());
        for (auto& message : page.messages) {
            bytes += message.envelope.size();
            tasks.messages.push_back(std::move(message));
        }
        rank = page.next;
    }
    if (rank) {
        const auto waiting = (co_await broker_.backlog({})).delayed;
        tasks.more = waiting - std::min(waiting, tasks.messages.size());
    }
    co_return tasks;
}

}  // namespace samovar::worker
