#include "broker/reaper_gate.hpp"

namespace samovar::broker {

bool ReaperGate::prompt(SteadyTime sent, SteadyTime answered) const { return answered - sent <= lease_ / 3; }

bool ReaperGate::steady_store(SteadyTime answered, WallTime store_time, const std::string& run_id) const {
    if (!last_ || last_->run_id != run_id) return false;
    const auto ours = answered - last_->answered;
    if (ours > lease_) return false;
    // Redis's clock and ours have moved by the same amount, but for what the answers' travel may differ by.
    const auto theirs = store_time - last_->store_time;
    const auto drift = std::chrono::abs(std::chrono::duration_cast<std::chrono::microseconds>(ours) - theirs);
    return drift <= lease_ / 2;
}

void ReaperGate::answered(SteadyTime sent, SteadyTime answered_at, WallTime store_time,
                          const std::string& run_id) {
    if (!prompt(sent, answered_at) || !steady_store(answered_at, store_time, run_id)) since_.reset();
    if (!since_) since_ = answered_at;
    last_ = Seen{answered_at, store_time, run_id};
}

Sight ReaperGate::sight(SteadyTime now) const {
    if (!since_ || now - *since_ <= lease_) return {};
    // Longer than from one look to the next, and shorter than what a lease that was renewed in time has left: if
    // the store stood still meanwhile, nobody else's has run out.
    return {.seen = last_->store_time,
            .good_for = lease_ / 2,
            .clear_for = std::chrono::duration_cast<std::chrono::milliseconds>(now - *since_)};
}

}  // namespace samovar::broker
