#include "broker/reaper_gate.hpp"

#include <gtest/gtest.h>

namespace samovar::broker {
namespace {

using namespace std::chrono_literals;

// Renews as a worker does: three times in a lease, while Redis's clock runs beside ours.
class Renewals {
public:
    void renew(ReaperGate& gate, std::chrono::milliseconds travel = 1ms) {
        gate.answered(now_, now_ + travel, store_ + travel, run_id_);
        pass(lease / 3);
    }
    void renew_for(ReaperGate& gate, std::chrono::milliseconds time) {
        for (const auto end = now_ + time; now_ < end;) renew(gate);
    }
    void pass(std::chrono::milliseconds time) {
        now_ += time;
        store_ += time;
    }
    void step_store(std::chrono::milliseconds by) { store_ += by; }
    void restart_store() { run_id_ += "x"; }
    SteadyTime now() const { return now_; }

    static constexpr std::chrono::milliseconds lease = 9s;

private:
    SteadyTime now_{1h};
    WallTime store_{std::chrono::days{20'000}};
    std::string run_id_ = "a";
};

bool opens(const ReaperGate& gate, const Renewals& renewals) {
    return gate.sight(renewals.now()).clear_for.count() > 0;
}

TEST(ReaperGate, tells_since_when_it_has_seen_the_store_and_when_it_last_did) {
    ReaperGate gate{Renewals::lease};
    Renewals renewals;
    renewals.renew_for(gate, 30s);
    const auto sight = gate.sight(renewals.now());
    EXPECT_EQ(sight.clear_for, 30s - 1ms);
    EXPECT_EQ(sight.good_for, 4500ms);
    EXPECT_EQ(sight.seen, WallTime{std::chrono::days{20'000}} + 27s + 1ms);
}

TEST(ReaperGate, opens_after_one_full_lease_of_prompt_renewals) {
    ReaperGate gate{Renewals::lease};
    Renewals renewals;
    EXPECT_FALSE(opens(gate, renewals));
    renewals.renew_for(gate, 9s);
    EXPECT_FALSE(opens(gate, renewals));
    renewals.renew(gate);
    EXPECT_TRUE(opens(gate, renewals));
}

class ReaperGateShut : public ::testing::Test {
protected:
    ReaperGateShut() { renewals.renew_for(gate, 15s); }

    void expect_shut_for_a_lease() {
        EXPECT_FALSE(opens(gate, renewals));
        renewals.renew_for(gate, 6s);
        EXPECT_FALSE(opens(gate, renewals));
        renewals.renew_for(gate, 9s);
        EXPECT_TRUE(opens(gate, renewals));
    }

    ReaperGate gate{Renewals::lease};
    Renewals renewals;
};

TEST_F(ReaperGateShut, by_a_failed_renewal) {
    gate.failed();
    expect_shut_for_a_lease();
}

TEST_F(ReaperGateShut, by_a_slow_renewal) {
    renewals.renew(gate, 4s);
    expect_shut_for_a_lease();
}

TEST_F(ReaperGateShut, by_a_gap) {
    renewals.pass(20s);
    renewals.renew(gate);
    expect_shut_for_a_lease();
}

TEST_F(ReaperGateShut, by_a_restart_of_redis) {
    renewals.restart_store();
    renewals.renew(gate);
    expect_shut_for_a_lease();
}

TEST_F(ReaperGateShut, by_a_step_of_the_store_clock_in_either_direction) {
    renewals.step_store(5min);
    renewals.renew(gate);
    expect_shut_for_a_lease();
    renewals.step_store(-5min);
    renewals.renew(gate);
    expect_shut_for_a_lease();
}

TEST_F(ReaperGateShut, not_by_a_small_drift) {
    renewals.step_store(50ms);
    renewals.renew(gate);
    EXPECT_TRUE(opens(gate, renewals));
}

}  // namespace
}  // namespace samovar::broker
