#include "worker/lease_keeper.hpp"

#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include <samovar/log.hpp>

#include "base/ids.hpp"
#include "redis/error.hpp"
#include "redis/trouble.hpp"

namespace samovar::worker {
namespace {

namespace asio = boost::asio;

constexpr int refused_sign_in = 1;
constexpr int refused_layout = 2;

}  // namespace

LeaseKeeper::LeaseKeeper(broker::Caretaker& broker, Registration& registration, StoreClock& clock,
                         std::string node, std::chrono::milliseconds lease)
    : broker_(broker), registration_(registration), clock_(clock), node_(std::move(node)), lease_(lease) {
    registration_.replace(fresh_epoch());
}

std::shared_ptr<Epoch> LeaseKeeper::fresh_epoch() const {
    auto epoch = std::make_shared<Epoch>();
    epoch->identity = {new_incarnation(), node_, static_cast<std::uint32_t>(::getpid())};
    return epoch;
}

asio::awaitable<void> LeaseKeeper::run() {
    redis::Trouble trouble{clock_.local(), "the lease is not renewed", lease_ / 3};
    for (bool stopped = false; !stopped;) {
        // No longer after a refusal: whoever is let in again first takes those who have not renewed by then for
        // dead.
        auto pause = lease_ / 3;
        try {
            if (!refused_ && co_await renew()) pause = std::chrono::milliseconds{0};
            trouble.over();
        } catch (const redis::Error& error) {
            // What never was in order is for somebody to mend; what was is the store's trouble, and passes.
            refused_ = !registered_ && redis::is_refusal(error);
            if (refused_)
                handlers.refused(error.what(), refused_sign_in);
            else
                trouble.after(error);
        }
        stopped = co_await stopped_.wait(refused_ ? for_ever : pause);
    }
}

// Whether to renew again at once.
asio::awaitable<bool> LeaseKeeper::renew() {
    const auto epoch = registration_.current();
    auto known = epoch->open.snapshot();
    const auto sent = clock_.steady();
    const auto lease = co_await broker_.renew({.who = epoch->identity,
                                               .lease = lease_,
                                               .first = first_,
                                               .before = first_ ? before_ : std::string{},
                                               .last_batch = known.last_batch,
                                               .open = std::move(known.open)});
    if (!lease.refusal.empty()) {
        refused_ = true;
        handlers.refused(lease.refusal, refused_layout);
        co_return false;
    }
    if (lease.lost) {
        taken_for_dead(epoch->identity.incarnation);
        co_return true;
    }
    epoch->lease_end = sent + lease_;
    clock_.synchronise(sent, clock_.steady(), lease.store_time);
    if (lease.put_back > 0)
        log::warning(
            fmt::format("{} tasks that this worker does not know were held for it, and are back in their "
                        "queues: a reply was lost, or the store has gone back in time",
                        lease.put_back));
    if (lease.dropped > 0)
        log::warning(
            fmt::format("{} tasks that this worker does not know were held for it as acknowledged early, and do "
                        "not run again: the store has gone back in time",
                        lease.dropped));
    first_ = false;
    if (!std::exchange(registered_, true)) handlers.registered();
    handlers.renewed(lease);
    co_return lease.more;
}

void LeaseKeeper::taken_for_dead(const std::string& incarnation) {
    log::error("this worker was taken for dead, or the store has lost it; it goes on under a new registration");
    before_ = incarnation;
    first_ = true;
    registration_.replace(fresh_epoch());
}

}  // namespace samovar::worker
