#include "broker/leftovers.hpp"

#include <algorithm>

#include "redis/error.hpp"
#include "redis/trouble.hpp"

namespace samovar::broker {

namespace asio = boost::asio;
using std::chrono::milliseconds;

void Leftovers::start(Roles& roles, const asio::any_io_executor& executor) {
    roles.spawn(executor, "the reaper", reaper_.run());
    roles.spawn(executor, "what moves overdue tasks", move_overdue());
}

void Leftovers::stop() {
    reaper_.stop();
    stopped_.raise();
}

asio::awaitable<void> Leftovers::move_overdue() {
    redis::Trouble trouble{clock_, "overdue tasks are not looked for", lease_ / 3};
    auto pause = lease_ / 3;
    while (!co_await stopped_.wait(pause)) {
        pause = lease_ / 3;
        try {
            // The reaper looks as often, and a look earlier.
            if (!reaper_.beside_newer()) pause = co_await move();
            trouble.over();
        } catch (const redis::Error& error) {
            pause = trouble.after(error);
        }
    }
}

// Returns for how long nothing will be overdue.
asio::awaitable<milliseconds> Leftovers::move() {
    const auto done = co_await broker_.promote({}, most_per_call, false);
    if (!done.next_due) co_return lease_ / 3;
    const auto until = std::chrono::ceil<milliseconds>(*done.next_due - done.store_time) + overdue;
    co_return std::clamp(until, milliseconds{1}, lease_ / 3);
}

}  // namespace samovar::broker
