#include "redis/alarm.hpp"

#include <cstdint>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace samovar::redis {

struct Alarm::State {
    asio::steady_timer timer;
    /// Counts what was set or cancelled: Asio may already have queued the handler of what is cancelled.
    std::uint64_t setting = 0;
};

Alarm::Alarm(const asio::any_io_executor& executor)
    : state_(std::make_shared<State>(State{asio::steady_timer{executor}})) {}

Alarm::~Alarm() = default;

void Alarm::at(SteadyTime when, std::function<void()> action) {
    const auto setting = ++state_->setting;
    state_->timer.expires_at(when);
    state_->timer.async_wait(
        [state = std::weak_ptr{state_}, setting, action = std::move(action)](boost::system::error_code error) {
            const auto present = state.lock();
            if (!error && present && present->setting == setting) action();
        });
}

asio::awaitable<void> Alarm::wait(SteadyTime when) {
    ++state_->setting;
    state_->timer.expires_at(when);
    boost::system::error_code cancelled;  // Both ends of the wait are what the caller asked for.
    co_await state_->timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

void Alarm::cancel() {
    ++state_->setting;
    state_->timer.cancel();
}

}  // namespace samovar::redis
