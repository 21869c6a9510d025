#include "base/signal.hpp"

#include <list>
#include <mutex>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace samovar {

namespace asio = boost::asio;

/// Each wait has a timer of its own, which its own executor alone touches: one for all would end everybody's wait
/// when the next one begins.
class Signal::Impl {
public:
    struct Waiter {
        explicit Waiter(const asio::any_io_executor& executor) : timer(executor) {}
        asio::steady_timer timer;
        bool woken = false;  // guarded by the state's mutex_
    };
    using Place = std::list<std::shared_ptr<Waiter>>::iterator;

    void raise() {
        const std::lock_guard lock{mutex_};
        if (std::exchange(raised_, true)) return;
        // Under the lock, so that no waiter's context goes meanwhile: its coroutine has to leave first.
        for (const auto& waiter : waiters_) {
            if (std::exchange(waiter->woken, true)) continue;
            asio::post(waiter->timer.get_executor(), [waiter] { waiter->timer.cancel(); });
        }
    }

    void reset() {
        const std::lock_guard lock{mutex_};
        raised_ = false;
    }

    Place enter(std::shared_ptr<Waiter> waiter) {
        const std::lock_guard lock{mutex_};
        waiter->woken = raised_;
        return waiters_.insert(waiters_.end(), std::move(waiter));
    }

    bool woken(Place place) {
        const std::lock_guard lock{mutex_};
        return (*place)->woken;
    }

    void leave(Place place) {
        const std::lock_guard lock{mutex_};
        waiters_.erase(place);
    }

private:
    std::mutex mutex_;
    bool raised_ = false;                         // guarded by mutex_
    std::list<std::shared_ptr<Waiter>> waiters_;  // guarded by mutex_
};

/// A wait under way. Leaves at its end, also when the context goes under the coroutine.
class Signal::Stay {
public:
    Stay(std::shared_ptr<Impl> state, const asio::any_io_executor& executor)
        : impl_(std::move(state)),
          waiter_(std::make_shared<Impl::Waiter>(executor)),
          place_(impl_->enter(waiter_)) {}
    ~Stay() { impl_->leave(place_); }
    Stay(const Stay&) = delete;
    Stay& operator=(const Stay&) = delete;

    asio::steady_timer& timer() { return waiter_->timer; }
    bool woken() const { return impl_->woken(place_); }

private:
    const std::shared_ptr<Impl> impl_;
    const std::shared_ptr<Impl::Waiter> waiter_;
    const Impl::Place place_;
};

Signal::Signal() : impl_(std::make_shared<Impl>()) {}
Signal::~Signal() = default;

void Signal::raise() { impl_->raise(); }
void Signal::reset() { impl_->reset(); }

asio::awaitable<bool> Signal::wait(std::chrono::milliseconds at_most) { return wait_at(impl_, at_most); }

asio::awaitable<bool> Signal::wait_at(std::shared_ptr<Impl> state, std::chrono::milliseconds at_most) {
    Stay stay{std::move(state), co_await asio::this_coro::executor};
    if (!stay.woken()) {
        stay.timer().expires_after(at_most);
        boost::system::error_code ignored;  // Cancelled means woken, or the coroutine's own end.
        co_await stay.timer().async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    co_return stay.woken();
}

}  // namespace samovar
