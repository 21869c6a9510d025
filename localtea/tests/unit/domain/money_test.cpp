#include "domain/money.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace localtea::domain {
namespace {

constexpr Money largest = Money::kopecks(std::numeric_limits<std::int64_t>::max());
constexpr Money smallest = Money::kopecks(std::numeric_limits<std::int64_t>::min());

TEST(MoneyTest, adds_subtracts_multiplies_and_compares) {
    constexpr Money price = Money::kopecks(49'990);
    static_assert(price * 3 - Money::kopecks(970) == Money::kopecks(149'000));
    EXPECT_EQ((2 * price + Money::kopecks(20)).in_kopecks(), 100'000);
    EXPECT_LT(Money::kopecks(-1), Money{});
}

TEST(MoneyTest, compound_assignment_is_the_same_arithmetic) {
    Money total;
    total += Money::kopecks(500);
    total -= Money::kopecks(700);
    EXPECT_EQ(total, Money::kopecks(-200));
}

TEST(MoneyTest, the_largest_amount_is_still_an_amount) {
    EXPECT_EQ(largest + Money{}, largest);
    EXPECT_EQ(smallest - Money{}, smallest);
}

TEST(MoneyTest, what_does_not_fit_is_an_error_and_never_wraps) {
    EXPECT_THROW(largest + Money::kopecks(1), MoneyOverflow);
    EXPECT_THROW(smallest - Money::kopecks(1), MoneyOverflow);
    EXPECT_THROW(largest * 2, MoneyOverflow);
    EXPECT_THROW(smallest * -1, MoneyOverflow);
}

}  // namespace
}  // namespace localtea::domain
