#include "broker/wake_ups.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/signal.hpp"
#include "redis/error.hpp"

namespace samovar::broker {
namespace {

// Without RESP3, behind a proxy for instance, nothing is pushed: then a waiting worker looks this often.
constexpr std::chrono::milliseconds without_pushes{200};

}  // namespace

struct WakeUps::Impl {
    Signal queues;
    Signal delayed;
    std::mutex mutex;
    std::vector<std::string> watched;
    std::string handover_channel;
    /// Set once, on the executor.
    std::function<void()> handed_over = [] {};

    // Redis 7.2 and later also track what a script reads beside its keys, such as the register that each renewal
    // writes to: that is no reason to look.
    bool concerns_queues(const redis::Reply& keys) {
        if (!keys.is_array()) return true;  // null: everything was flushed
        const std::lock_guard lock{mutex};
        return std::ranges::any_of(keys.array(), [this](const redis::Reply& key) {
            return std::ranges::find(watched, key.text()) != watched.end();
        });
    }

    void pushed(const redis::Reply& push) {
        const auto& parts = push.array();
        if (parts.size() < 2) return;
        const auto& kind = parts.front().text();
        if (kind == "invalidate" && concerns_queues(parts[1])) queues.raise();
        if (kind == "message" && parts[1].text() == handover_channel) return handed_over();
        if (kind == "message") delayed.raise();
    }
};

WakeUps::WakeUps(redis::Connection& connection, const Keys& keys)
    : connection_(connection), keys_(keys), impl_(std::make_shared<Impl>()) {
    impl_->handover_channel = keys.handover_channel();
}

asio::awaitable<void> WakeUps::listen_for_handover(std::function<void()> handler,
                                                   std::chrono::milliseconds call_timeout) {
    impl_->handed_over = std::move(handler);
    if (!connection_.tracking()) co_return;
    co_await connection_.subscribe({keys_.handover_channel()}, {.deadline = call_timeout});
}

void WakeUps::listen(std::function<void()> reconnected) {
    connection_.on_push([state = impl_](const redis::Reply& push) { state->pushed(push); });
    // What was watched is unknown to a new connection, and what was published meanwhile to the old one.
    connection_.on_state([state = impl_, reconnected = std::move(reconnected)](bool) {
        reconnected();
        state->queues.raise();
        state->delayed.raise();
    });
}

// One command that reads them all: each read of a script has Redis track all of its keys anew.
asio::awaitable<bool> WakeUps::watch(std::vector<std::string> lists, std::chrono::milliseconds call_timeout) {
    redis::Request request;
    if (connection_.tracking()) request.add({"CLIENT", "CACHING", "YES"});
    request.begin(1 + lists.size()).arg("EXISTS");
    for (const auto& list : lists) request.arg(list);
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->queues.reset();
        impl_->watched = std::move(lists);
    }
    const auto replies = co_await connection_.exec(std::move(request), {.deadline = call_timeout, .resend = true});
    const auto& present = replies.back();
    if (present.is_error())
        throw redis::Error{redis::Errc::server_error, present.error().message, present.error().code};
    co_return present.integer() > 0;
}

asio::awaitable<void> WakeUps::wait(std::chrono::milliseconds at_most) {
    const auto state = impl_;
    co_await state->queues.wait(connection_.tracking() ? at_most : std::min(at_most, without_pushes));
}

void WakeUps::interrupt() {
    impl_->queues.raise();
    impl_->delayed.raise();
}

asio::awaitable<void> WakeUps::wait_for_delayed(std::chrono::milliseconds at_most,
                                                std::chrono::milliseconds call_timeout) {
    const auto state = impl_;
    if (!connection_.tracking()) {
        co_await state->delayed.wait(std::min(at_most, without_pushes));
    } else if (!subscribed_) {
        // What was announced before this is known to nobody: the caller looks once more.
        co_await connection_.subscribe({keys_.wake_channel()}, {.deadline = call_timeout});
        subscribed_ = true;
    } else {
        co_await state->delayed.wait(at_most);
    }
    state->delayed.reset();
}

}  // namespace samovar::broker
