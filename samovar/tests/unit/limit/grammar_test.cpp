#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <samovar/error.hpp>
#include <samovar/limits.hpp>

#include "limit/check.hpp"

namespace samovar::limits {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string error_of(std::string_view text) {
    try {
        parse(text);
    } catch (const ConfigurationError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(LimitGrammar, reads_an_amount_and_a_unit) {
    EXPECT_THAT(parse("3/minute"), ElementsAre(Limit{3, 1, Unit::minute}));
    EXPECT_THAT(parse("10 per hour"), ElementsAre(Limit{10, 1, Unit::hour}));
    EXPECT_THAT(parse("1perday"), ElementsAre(Limit{1, 1, Unit::day}));
}

TEST(LimitGrammar, reads_multiples_plurals_and_any_case) {
    EXPECT_THAT(parse("5 PER 2 Hours"), ElementsAre(Limit{5, 2, Unit::hour}));
    EXPECT_THAT(parse("7/30seconds"), ElementsAre(Limit{7, 30, Unit::second}));
    EXPECT_THAT(parse("  7 / 30  seconds\n"), ElementsAre(Limit{7, 30, Unit::second}));
}

TEST(LimitGrammar, reads_several_behind_any_of_the_separators) {
    EXPECT_THAT(parse("1/second;2/month,3/year | 4/day"),
                ElementsAre(Limit{1, 1, Unit::second}, Limit{2, 1, Unit::month}, Limit{3, 1, Unit::year},
                            Limit{4, 1, Unit::day}));
}

TEST(LimitGrammar, leading_zeros_and_no_multiples_mean_what_python_makes_of_them) {
    EXPECT_THAT(parse("007/minute"), ElementsAre(Limit{7, 1, Unit::minute}));
    EXPECT_THAT(parse("5/0 minutes"), ElementsAre(Limit{5, 1, Unit::minute}));
    EXPECT_THAT(parse("0/minute"), ElementsAre(Limit{0, 1, Unit::minute}));
}

TEST(LimitGrammar, a_window_is_its_unit_times_the_multiples) {
    EXPECT_EQ((Limit{1, 2, Unit::hour}.window()), 2h);
    EXPECT_EQ((Limit{1, 1, Unit::month}.window()), std::chrono::days{30});
    EXPECT_EQ((Limit{1, 1, Unit::year}.window()), std::chrono::days{360});
}

TEST(LimitGrammar, a_limit_is_written_as_python_writes_it) {
    EXPECT_EQ(parse("3/minute").front().str(), "3 per 1 minute");
    EXPECT_EQ(parse("5 per 2 hours").front().str(), "5 per 2 hour");
}

TEST(LimitGrammar, an_error_names_the_piece_and_what_was_expected) {
    EXPECT_THAT(error_of("3/minute; 5/fortnight"),
                AllOf(HasSubstr("' 5/fortnight'"), HasSubstr("second, minute, hour, day, month or year")));
    EXPECT_THAT(error_of("3 minute"), AllOf(HasSubstr("'3 minute'"), HasSubstr("/ or per")));
    EXPECT_THAT(error_of("x/minute"), HasSubstr("an amount"));
    EXPECT_THAT(error_of("3/minute 5/hour"), HasSubstr("nothing after the unit"));
    EXPECT_THAT(error_of(""), HasSubstr("''"));
    EXPECT_THAT(error_of("3/minute;"), HasSubstr("''"));
}

TEST(LimitGrammar, numbers_have_bounds_that_are_named) {
    EXPECT_THAT(error_of("1000000001/minute"), HasSubstr("at most 1000000000"));
    EXPECT_THAT(error_of("99999999999999999999/minute"), HasSubstr("18 digits"));
    EXPECT_THAT(error_of("1/101 years"), HasSubstr("100 years"));
    EXPECT_THAT(error_of("1/999999999999999999 years"), HasSubstr("100 years"));
    EXPECT_EQ(parse("1000000000/100 years").size(), 1U);
}

TEST(LimitGrammar, strategies_go_by_pythons_names) {
    for (const auto strategy : {Strategy::fixed_window, Strategy::moving_window, Strategy::sliding_window_counter})
        EXPECT_EQ(parse_strategy(strategy_name(strategy)), strategy);
    EXPECT_EQ(parse_strategy("fixed-window-elastic-expiry"), std::nullopt);
}

TEST(LimitKeys, are_those_of_pythons_library) {
    const auto made = hits(parse("3/minute"), {"127.0.0.1", "/api/v1/user/login"});
    const auto key = [&](Strategy strategy, std::string_view prefix) {
        return make_counters(made, strategy, prefix).front().key;
    };
    EXPECT_EQ(key(Strategy::fixed_window, "LIMITS:"), "LIMITS:LIMITER/127.0.0.1//api/v1/user/login/3/1/minute");
    EXPECT_EQ(key(Strategy::moving_window, ""), "LIMITER/127.0.0.1//api/v1/user/login/3/1/minute");
    EXPECT_EQ(key(Strategy::sliding_window_counter, "LIMITS:"),
              "LIMITS:{LIMITER/127.0.0.1//api/v1/user/login/3/1/minute}");
    EXPECT_EQ(previous_key("LIMITS:{LIMITER/a/3/1/minute}"), "LIMITS:{LIMITER/a/3/1/minute}/-1");
}

TEST(LimitKeys, a_hit_names_somebody_and_costs_something) {
    const Limit limit{3, 1, Unit::minute};
    const auto make = [](Hit hit, Strategy strategy) { return make_counters({std::move(hit)}, strategy, ""); };
    EXPECT_THROW(make({limit, {}}, Strategy::fixed_window), ConfigurationError);
    EXPECT_THROW(make({limit, {"a"}, 0}, Strategy::fixed_window), ConfigurationError);
    EXPECT_THROW(make({limit, {"a"}, 10'001}, Strategy::moving_window), ConfigurationError);
    EXPECT_EQ(make({limit, {"a"}, 10'001}, Strategy::fixed_window).front().cost, 10'001);
}

}  // namespace
}  // namespace samovar::limits
