#include "db/slots.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "db/error.hpp"

namespace localtea::db {
namespace {

/// One who waits. The timer is used on the strand only.
struct Waiter {
    explicit Waiter(const asio::any_io_executor& strand) : timer(strand) {}
    asio::steady_timer timer;
    bool granted = false;  // guarded by Shared::mutex_
};

}  // namespace

class Slot::Shared : public std::enable_shared_from_this<Shared> {
public:
    Shared(asio::any_io_executor executor, std::size_t count, std::string what)
        : what_(std::move(what)), strand_(asio::make_strand(std::move(executor))), count_(count), free_(count) {}

    /// Takes a slot (null), or gets in line.
    std::shared_ptr<Waiter> take_or_wait() {
        const std::lock_guard lock{mutex_};
        if (free_ > 0) {
            --free_;
            return nullptr;
        }
        return waiters_.emplace_back(std::make_shared<Waiter>(strand_));
    }

    void give_back() {
        const std::lock_guard lock{mutex_};
        if (waiters_.empty()) {
            ++free_;
            return;
        }
        const auto next = waiters_.front();
        waiters_.pop_front();
        next->granted = true;
        asio::post(strand_, [next] { next->timer.cancel(); });
    }

    /// Leaves the line; true when the slot had been granted.
    bool leave(const std::shared_ptr<Waiter>& waiter) {
        const std::lock_guard lock{mutex_};
        if (waiter->granted) return true;
        std::erase(waiters_, waiter);
        return false;
    }

    /// Returns when the waiter was granted a slot or the limit passed.
    asio::awaitable<void> wait(std::shared_ptr<Waiter> waiter, std::chrono::milliseconds limit) {
        return asio::co_spawn(strand_, sleep(shared_from_this(), std::move(waiter), limit), asio::use_awaitable);
    }

    const std::string& what() const { return what_; }

    SlotUsage usage() {
        const std::lock_guard lock{mutex_};
        return {count_ - free_, waiters_.size()};
    }

private:
    bool is_granted(const Waiter& waiter) {
        const std::lock_guard lock{mutex_};
        return waiter.granted;
    }

    /// On the strand, so a grant comes either before the check or, by its cancel, after the wait began.
    static asio::awaitable<void> sleep(std::shared_ptr<Shared> self, std::shared_ptr<Waiter> waiter,
                                       std::chrono::milliseconds limit) {
        if (self->is_granted(*waiter)) co_return;
        waiter->timer.expires_after(limit);
        boost::system::error_code cancelled;
        co_await waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }

    const std::string what_;
    const asio::any_io_executor strand_;
    const std::size_t count_;
    std::mutex mutex_;
    std::size_t free_;                             // guarded by mutex_
    std::deque<std::shared_ptr<Waiter>> waiters_;  // guarded by mutex_
};

namespace {

/// A place in the line that is left, or a granted slot that is given back, whatever ends the waiting.
class Place {
public:
    Place(std::shared_ptr<Slot::Shared> shared, std::shared_ptr<Waiter> waiter)
        : shared_(std::move(shared)), waiter_(std::move(waiter)) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
        if (waiter_ && shared_->leave(waiter_)) shared_->give_back();
    }

    /// True when the slot is ours from now on.
    bool claim() { return shared_->leave(std::exchange(waiter_, nullptr)); }

private:
    std::shared_ptr<Slot::Shared> shared_;
    std::shared_ptr<Waiter> waiter_;
};

asio::awaitable<Slot> take_from(std::shared_ptr<Slot::Shared> shared, std::chrono::milliseconds limit) {
    const auto waiter = shared->take_or_wait();
    if (!waiter) co_return Slot{std::move(shared)};
    Place place{shared, waiter};
    co_await shared->wait(waiter, limit);
    if (!place.claim()) throw Error{Errc::busy, fmt::format("no {} was free within {}", shared->what(), limit)};
    co_return Slot{std::move(shared)};
}

}  // namespace

Slot::~Slot() {
    if (from_) from_->give_back();
}

Slots::Slots(asio::any_io_executor executor, std::size_t count, std::string what)
    : shared_(std::make_shared<Slot::Shared>(std::move(executor), count, std::move(what))) {}

asio::awaitable<Slot> Slots::take(std::chrono::milliseconds limit) { return take_from(shared_, limit); }

SlotUsage Slots::usage() const { return shared_->usage(); }

}  // namespace localtea::db
