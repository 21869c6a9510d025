#include "domain/cart.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace localtea::domain {
namespace {

CartLine line(std::int64_t full, std::int64_t discount, std::int64_t quantity) {
    return {.quantity = quantity, .price = {Money::kopecks(full), Money::kopecks(discount)}};
}

TEST(CartTest, an_empty_cart_costs_nothing) { EXPECT_EQ(totals({}), CartTotals{}); }

TEST(CartTest, the_discount_is_taken_off_every_unit) {
    const CartTotals sums = totals({line(50'000, 5'000, 3), line(19'990, 0, 1)});
    EXPECT_EQ(sums.total, Money::kopecks(169'990));
    EXPECT_EQ(sums.discount, Money::kopecks(15'000));
    EXPECT_EQ(sums.to_pay, Money::kopecks(154'990));
}

TEST(CartTest, what_is_given_away_costs_nothing) { EXPECT_EQ(totals({line(700, 700, 99)}).to_pay, Money{}); }

TEST(CartTest, a_sum_beyond_all_money_is_an_error_and_no_small_number) {
    const auto much = std::numeric_limits<std::int64_t>::max() / 2;
    EXPECT_THROW(totals({line(much, 0, 3)}), MoneyOverflow);
    EXPECT_THROW(totals({line(much, 0, 1), line(much, 0, 1), line(much, 0, 1)}), MoneyOverflow);
}

TEST(CartTest, a_line_may_have_what_is_in_stock_up_to_the_limit) {
    EXPECT_EQ(judge_quantity(5, 5), QuantityVerdict::allowed);
    EXPECT_EQ(judge_quantity(6, 5), QuantityVerdict::beyond_stock);
    EXPECT_EQ(judge_quantity(1, 0), QuantityVerdict::beyond_stock);
    EXPECT_EQ(judge_quantity(max_units_per_line, 1'000), QuantityVerdict::allowed);
    EXPECT_EQ(judge_quantity(max_units_per_line + 1, 1'000), QuantityVerdict::beyond_limit);
}

TEST(CartTest, merging_adds_up_within_stock_and_limit) {
    EXPECT_EQ(merged_quantity(0, 2, 10), 2);
    EXPECT_EQ(merged_quantity(3, 2, 10), 5);
    EXPECT_EQ(merged_quantity(3, 9, 10), 10);
    EXPECT_EQ(merged_quantity(90, 90, 1'000), max_units_per_line);
    EXPECT_EQ(merged_quantity(0, 2, 0), 0);
}

TEST(CartTest, merging_takes_nothing_away_from_the_customer_s_own) { EXPECT_EQ(merged_quantity(8, 1, 3), 8); }

}  // namespace
}  // namespace localtea::domain
