#include "redis/alarm.hpp"

#include <cstdint>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace samovar::redis {

struct Alarm::Impl : std::enable_shared_from_this<Alarm::Impl> {
    Impl(const asio::any_io_executor& executor, const Clock& time) : timer(executor), clock(time) {}

    /// The loop waits by the machine's clock; whether the time has come, ours says.
    void sleep_until(SteadyTime when) { timer.expires_after(when - clock.steady()); }

    void call(SteadyTime when, std::function<void()> action) {
        sleep_until(when);
        timer.async_wait([weak = weak_from_this(), set = setting, when,
                          act = std::move(action)](boost::system::error_code error) mutable {
            const auto present = weak.lock();
            if (error || !present || present->setting != set) return;
            if (present->clock.steady() < when) return present->call(when, std::move(act));
            act();
        });
    }

    asio::steady_timer timer;
    const Clock& clock;
    /// Counts what was set or cancelled: Asio may already have queued the handler of what is cancelled.
    std::uint64_t setting = 0;
};

Alarm::Alarm(const asio::any_io_executor& executor, const Clock& clock)
    : impl_(std::make_shared<Impl>(executor, clock)) {}

Alarm::~Alarm() = default;

void Alarm::at(SteadyTime when, std::function<void()> action) {
    ++impl_->setting;
    impl_->call(when, std::move(action));
}

asio::awaitable<void> Alarm::wait(SteadyTime when) {
    const auto set = ++impl_->setting;
    while (impl_->setting == set && impl_->clock.steady() < when) {
        impl_->sleep_until(when);
        boost::system::error_code cancelled;  // Both ends of the wait are what the caller asked for.
        co_await impl_->timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
}

void Alarm::cancel() {
    ++impl_->setting;
    impl_->timer.cancel();
}

}  // namespace samovar::redis
