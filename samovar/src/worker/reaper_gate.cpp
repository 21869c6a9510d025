#include "worker/reaper_gate.hpp"

namespace samovar::worker {

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

void ReaperGate::renewed(SteadyTime sent, SteadyTime answered, WallTime store_time, const std::string& run_id) {
    if (!prompt(sent, answered) || !steady_store(answered, store_time, run_id)) since_.reset();
    if (!since_) since_ = answered;
    last_ = Seen{answered, store_time, run_id};
}

bool ReaperGate::open(SteadyTime now) const { return since_ && now - *since_ > lease_; }

}  // namespace samovar::worker
