#include "worker/janitor.hpp"

#include <fmt/format.h>

#include <samovar/log.hpp>

#include "redis/error.hpp"
#include "redis/trouble.hpp"

namespace samovar::worker {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds between_sweeps{100};

}  // namespace

Janitor::Janitor(broker::Caretaker& broker, const StoreClock& clock, JanitorOptions options)
    : broker_(broker), clock_(clock), options_(options) {}

asio::awaitable<void> Janitor::run() {
    redis::Trouble trouble{clock_.local(), "what others left is not cleaned up", options_.lease / 3};
    for (bool stopped = false; !stopped;) {
        auto pause = options_.lease / 3;
        try {
            if (promotes_) co_await clean();
            trouble.over();
        } catch (const redis::Error& error) {
            pause = trouble.after(error);
        }
        stopped = co_await stopped_.wait(pause);
    }
}

asio::awaitable<void> Janitor::clean() {
    co_await broker_.let_waiting_in();
    if (clock_.steady() - swept_ < between_sweeps) co_return;
    swept_ = clock_.steady();
    if (const auto restored = co_await broker_.restore_foreign(options_.visibility_timeout))
        log::info(fmt::format("{} messages that Python workers left are back in their queues", restored));
    if (options_.dead_letter_life.count() > 0)
        co_await broker_.expire_dead(clock_.now() - options_.dead_letter_life);
}

}  // namespace samovar::worker
