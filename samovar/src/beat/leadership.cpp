#include "beat/leadership.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <samovar/log.hpp>

#include "base/backoff.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"
#include "redis/error.hpp"

namespace samovar::beat {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds before_the_next_claim{100};
constexpr milliseconds longest_pause{10'000};
// A leader that dies has been heard of until a lease ago; then the others look. Longer, and none was there.
constexpr int leases_without_a_beat = 2;

}  // namespace

Leadership::Leadership(Store& store, StoreClock& clock, milliseconds lease)
    : store_(store), clock_(clock), lease_(lease), incarnation_(new_incarnation()) {}

asio::awaitable<void> Leadership::run() {
    Backoff refusals{{.initial = before_the_next_claim, .max = longest_pause}, random_unit};
    while (!stopping_) {
        auto pause = before_the_next_claim;
        retry_.reset();
        try {
            pause = co_await lead();
            ever_answered_ = true;
            refusals.reset();
        } catch (const redis::Error& error) {
            const bool refused = redis::is_refusal(error);
            if (refused && !ever_answered_) co_return on_refused(error.what());
            if (refused) pause = std::max(pause, refusals.next());
            log::warning(fmt::format("beat cannot reach the store: {}", error.what()));
        }
        if (!stopping_) co_await retry_.wait(pause);
    }
}

asio::awaitable<milliseconds> Leadership::lead() {
    const auto sent = clock_.local().now();
    const auto sent_steady = clock_.steady();
    auto lead = co_await store_.lead(token_, incarnation_, lease_, lease_ * leases_without_a_beat);
    clock_.synchronise(sent, clock_.local().now(), lead.store_time);
    // The lease began no earlier than the question was sent.
    answered_ = sent_steady;
    const auto pause = take_over(std::move(lead));
    on_answer();
    co_return pause;
}

milliseconds Leadership::take_over(Lead lead) {
    watched_since_ = lead.watched_since;
    if (lead.leads && lead.token != token_) log::info(fmt::format("this beat leads, under {}", lead.token));
    if (!lead.leads && !token_.empty()) log::warning("another beat leads: this one was silent for too long");
    token_ = std::move(lead.token);
    if (lead.leads) return lease_ / 3;
    return std::clamp(lead.lease_left + milliseconds{1}, milliseconds{1}, lease_);
}

bool Leadership::leads() const { return !token_.empty() && clock_.steady() - answered_ < lease_; }

void Leadership::lost() {
    log::warning("another beat leads: this one was silent for too long");
    token_.clear();
    look_again();
}

void Leadership::stop() {
    stopping_ = true;
    retry_.raise();
}

asio::awaitable<void> Leadership::resign() {
    if (token_.empty()) co_return;
    try {
        co_await store_.resign(token_);
    } catch (const redis::Error& error) {
        log::warning(fmt::format("the other beats have to wait for the end of the lease: {}", error.what()));
    }
}

}  // namespace samovar::beat
