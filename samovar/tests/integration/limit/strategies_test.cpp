// One suite for both stores and all strategies. Windows are minutes and no step comes near an end of one, so that
// the milliseconds which the store's own clock takes do not matter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <samovar/error.hpp>

#include "limit_world.hpp"

namespace samovar::limits {
namespace {

using ::testing::ElementsAre;

using StoreAndStrategy = std::tuple<StoreKind, Strategy>;

class Strategies : public ::testing::TestWithParam<StoreAndStrategy> {
protected:
    Strategy strategy() const { return std::get<1>(GetParam()); }
    bool counts_refusals() const { return strategy() == Strategy::fixed_window; }

    LimitWorld world{std::get<0>(GetParam()), std::get<1>(GetParam())};
};

std::string case_name(const ::testing::TestParamInfo<StoreAndStrategy>& info) {
    std::string name = std::get<0>(info.param) == StoreKind::redis ? "redis_" : "memory_";
    for (const char c : strategy_name(std::get<1>(info.param))) name += c == '-' ? '_' : c;
    return name;
}

INSTANTIATE_TEST_SUITE_P(On, Strategies,
                         ::testing::Combine(::testing::Values(StoreKind::redis, StoreKind::memory),
                                            ::testing::Values(Strategy::fixed_window, Strategy::moving_window,
                                                              Strategy::sliding_window_counter)),
                         case_name);

TEST_P(Strategies, the_amount_fits_in_and_nothing_more) {
    for (const int left : {2, 1, 0}) {
        const auto decision = world.hit("3/minute");
        EXPECT_TRUE(decision.allowed());
        EXPECT_EQ(decision.windows.at(0).remaining, left);
    }
    const auto refused = world.hit("3/minute");
    EXPECT_EQ(refused.refused, 0U);
    EXPECT_EQ(refused.windows.at(0).remaining, 0);
    EXPECT_GT(refused.windows.at(0).reset_in, 0s);
    EXPECT_LE(refused.windows.at(0).reset_in, 60s);
}

TEST_P(Strategies, when_the_windows_have_passed_everything_fits_in_again) {
    for (int i = 0; i < 4; ++i) world.hit("3/minute");
    world.wait(130s);
    EXPECT_EQ(world.remaining("3/minute"), 3);
    EXPECT_TRUE(world.hit("3/minute").allowed());
}

TEST_P(Strategies, a_hit_may_cost_more) {
    EXPECT_EQ(world.hit("10/minute", 7).windows.at(0).remaining, 3);
    EXPECT_FALSE(world.hit("10/minute", 4).allowed());
    EXPECT_EQ(world.hit("10/minute", 3).allowed(), !counts_refusals());
}

TEST_P(Strategies, a_cost_over_the_amount_never_fits_in) {
    EXPECT_FALSE(world.hit("3/minute", 4).allowed());
    EXPECT_EQ(world.hit("3/minute", 3).allowed(), !counts_refusals());
}

TEST_P(Strategies, an_amount_of_nothing_lets_nothing_through) { EXPECT_FALSE(world.hit("0/minute").allowed()); }

TEST_P(Strategies, other_identifiers_are_other_counters) {
    const auto limit = parse("1/minute");
    EXPECT_TRUE(world.hit(hits(limit, {"anna", "/login"})).allowed());
    EXPECT_TRUE(world.hit(hits(limit, {"boris", "/login"})).allowed());
    EXPECT_TRUE(world.hit(hits(limit, {"anna", "/other"})).allowed());
    EXPECT_FALSE(world.hit(hits(limit, {"anna", "/login"})).allowed());
}

TEST_P(Strategies, earlier_limits_of_a_refused_call_stay_counted_and_later_ones_are_not_looked_at) {
    const std::string_view limits = "5/hour; 1/minute; 9/day";
    EXPECT_TRUE(world.hit(limits).allowed());
    const auto refused = world.hit(limits);
    EXPECT_EQ(refused.refused, 1U);
    EXPECT_EQ(refused.windows.size(), 2U);
    EXPECT_EQ(world.remaining("5/hour"), 3);
    EXPECT_EQ(world.remaining("9/day"), 8);
}

TEST_P(Strategies, all_or_nothing_counts_nothing_when_one_refuses) {
    const auto all = hits(parse("5/hour; 1/minute; 9/day"), {"who"});
    EXPECT_TRUE(world.hit(all, Counting::all_or_nothing).allowed());
    const auto refused = world.hit(all, Counting::all_or_nothing);
    EXPECT_EQ(refused.refused, 1U);
    EXPECT_EQ(refused.windows.size(), 3U);
    EXPECT_EQ(world.remaining("5/hour"), 4);
    EXPECT_EQ(world.remaining("1/minute"), 0);
    EXPECT_EQ(world.remaining("9/day"), 8);
}

TEST_P(Strategies, all_or_nothing_lets_a_counter_that_is_named_twice_hold_both_costs) {
    const auto twice = hits(parse("3/minute; 3/minute"), {"who"}, 2);
    EXPECT_EQ(world.hit(twice, Counting::all_or_nothing).refused, 1U);
    EXPECT_EQ(world.remaining("3/minute"), 3);
    EXPECT_TRUE(world.hit(hits(parse("4/minute; 4/minute"), {"who"}, 2), Counting::all_or_nothing).allowed());
    EXPECT_EQ(world.remaining("4/minute"), 0);
}

TEST_P(Strategies, testing_counts_nothing) {
    world.hit("3/minute");
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(world.test("3/minute", 2).allowed());
    EXPECT_FALSE(world.test("3/minute", 3).allowed());
    EXPECT_EQ(world.hit("3/minute").windows.at(0).remaining, 1);
}

TEST_P(Strategies, clearing_forgets) {
    for (int i = 0; i < 3; ++i) world.hit("3/minute");
    world.loop.run(world.limiter->clear(hits(parse("3/minute"), {"who"})));
    EXPECT_EQ(world.hit("3/minute").windows.at(0).remaining, 2);
}

TEST_P(Strategies, no_hits_are_no_refusal) { EXPECT_TRUE(world.hit(std::vector<Hit>{}).allowed()); }

TEST_P(Strategies, who_decided_is_said) {
    const auto expected = std::get<0>(GetParam()) == StoreKind::redis ? Source::store : Source::memory;
    EXPECT_EQ(world.hit("3/minute").source, expected);
}

class OnBothStores : public ::testing::TestWithParam<StoreKind> {};
INSTANTIATE_TEST_SUITE_P(Limits, OnBothStores, ::testing::Values(StoreKind::redis, StoreKind::memory),
                         [](const auto& info) { return info.param == StoreKind::redis ? "redis" : "memory"; });

TEST_P(OnBothStores, a_fixed_window_begins_with_its_first_hit_and_is_not_prolonged) {
    LimitWorld world{GetParam(), Strategy::fixed_window};
    for (int i = 0; i < 5; ++i) world.hit("3/minute"), world.wait(11s);
    EXPECT_FALSE(world.hit("3/minute").allowed());
    EXPECT_LT(world.hit("3/minute").windows.at(0).reset_in, 6s);
    world.wait(6s);
    EXPECT_EQ(world.hit("3/minute").windows.at(0).remaining, 2);
}

TEST_P(OnBothStores, a_moving_window_frees_what_leaves_it) {
    LimitWorld world{GetParam(), Strategy::moving_window};
    world.hit("3/minute", 2);
    world.wait(40s);
    world.hit("3/minute");
    EXPECT_FALSE(world.hit("3/minute").allowed());
    EXPECT_LT(world.test("3/minute").windows.at(0).reset_in, 21s);
    world.wait(21s);
    EXPECT_EQ(world.remaining("3/minute"), 2) << "the first two are 61 s old";
    EXPECT_TRUE(world.hit("3/minute", 2).allowed());
    EXPECT_FALSE(world.hit("3/minute").allowed());
}

TEST_P(OnBothStores, a_sliding_window_weighs_the_window_before) {
    LimitWorld world{GetParam(), Strategy::sliding_window_counter};
    EXPECT_TRUE(world.hit("10/minute", 10).allowed());
    world.wait(75s);
    // A quarter of the second length has passed: 7.5 of the ten still count.
    EXPECT_EQ(world.remaining("10/minute"), 3);
    EXPECT_FALSE(world.hit("10/minute", 4).allowed());
    EXPECT_TRUE(world.hit("10/minute", 3).allowed());
    world.wait(16s);
    EXPECT_EQ(world.remaining("10/minute"), 3) << "4.8 of the ten, and three";
}

TEST_P(OnBothStores, a_moving_window_holds_more_than_one_script_call_can_pass) {
    LimitWorld world{GetParam(), Strategy::moving_window};
    EXPECT_EQ(world.hit("9500/minute", 9'000).windows.at(0).remaining, 500);
    EXPECT_FALSE(world.hit("9500/minute", 501).allowed());
    EXPECT_EQ(world.hit("9500/minute", 500).windows.at(0).remaining, 0);
}

}  // namespace
}  // namespace samovar::limits
