#include "beat/leadership.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <fmt/format.h>
#include <samovar/log.hpp>

#include "base/ids.hpp"
#include "redis/error.hpp"
#include "redis/trouble.hpp"

namespace samovar::beat {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds before_the_next_claim{100};
// A leader that dies has been heard of until a lease ago; then the others look. Longer, and none was there.
constexpr int leases_without_a_beat = 2;
// However long the lease: a store that has lost everything is noticed by then.
constexpr milliseconds longest_without_a_look{3'000};
// Of the store's clock, into the past.
constexpr std::chrono::seconds step{1};
constexpr std::chrono::minutes between_reminders{1};

/// Tokens are "<term>:<incarnation>".
std::int64_t term_of(std::string_view token) {
    std::int64_t term = 0;
    std::from_chars(token.data(), token.data() + token.size(), term);
    return term;
}

}  // namespace

Leadership::Leadership(Store& store, StoreClock& clock, milliseconds lease)
    : store_(store), clock_(clock), lease_(lease), incarnation_(new_incarnation()) {}

asio::awaitable<void> Leadership::run() {
    redis::Trouble trouble{clock_.local(), "beat cannot reach the store", before_the_next_claim};
    while (!stopping_) {
        auto pause = before_the_next_claim;
        retry_.reset();
        try {
            pause = co_await lead();
            ever_answered_ = true;
            trouble.over();
        } catch (const redis::Error& error) {
            if (!ever_answered_ && redis::is_refusal(error)) co_return on_refused(error.what());
            pause = trouble.after(error);
        }
        if (!stopping_) co_await retry_.wait(pause);
    }
}

asio::awaitable<milliseconds> Leadership::lead() {
    const auto sent = clock_.steady();
    auto lead = co_await store_.lead(token_, incarnation_, lease_, lease_ * leases_without_a_beat, known_term_);
    clock_.synchronise(sent, clock_.steady(), lead.store_time);
    // The lease began no earlier than the question was sent.
    answered_ = sent;
    const auto pause = take_over(std::move(lead));
    on_answer();
    co_return pause;
}

milliseconds Leadership::take_over(Lead lead) {
    watched_since_ = lead.watched_since;
    entries_ = lead.entries;
    look_for_a_loss(lead);
    look_at_its_clock(lead.store_time);
    if (lead.leads && lead.token != token_) log::info(fmt::format("this beat leads, under {}", lead.token));
    if (!lead.leads && !token_.empty()) log::warning("another beat leads: this one was silent for too long");
    token_ = std::move(lead.token);
    doubted_ = false;
    if (lead.leads) return std::min(lease_ / 3, longest_without_a_look);
    return std::clamp(lead.lease_left + milliseconds{1}, milliseconds{1}, lease_);
}

void Leadership::look_for_a_loss(const Lead& lead) {
    if (lead.last_term < known_term_) on_loss();
    known_term_ = std::max(known_term_, lead.last_term);
    if (lead.leads) known_term_ = std::max(known_term_, term_of(lead.token));
}

// Slots are sent by the store's clock, and wait until it is where it was.
void Leadership::look_at_its_clock(WallTime store_time) {
    if (store_time >= latest_) {
        latest_ = store_time;
        told_behind_.reset();
        return;
    }
    const auto behind = latest_ - store_time;
    if (behind < step || (told_behind_ && clock_.steady() - *told_behind_ < between_reminders)) return;
    told_behind_ = clock_.steady();
    log::warning(
        fmt::format("Redis's clock was set back: what comes due waits for {:.0f} s, until it is where it was",
                    std::chrono::duration<double>(behind).count()));
}

bool Leadership::leads() const { return !token_.empty() && !doubted_ && clock_.steady() - answered_ < lease_; }

void Leadership::lost() {
    doubted_ = true;
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
