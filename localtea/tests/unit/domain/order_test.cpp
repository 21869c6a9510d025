#include "domain/order.hpp"

#include <set>

#include <gtest/gtest.h>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

namespace localtea::domain {
namespace {

std::vector<OrderStatus> every_status() {
    std::vector<OrderStatus> all;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<OrderStatus>>(
        [&](auto each) { all.push_back(each.value); });
    return all;
}

std::set<std::pair<OrderStatus, OrderStatus>> moves(DeliveryMethod method) {
    std::set<std::pair<OrderStatus, OrderStatus>> found;
    for (const auto from : every_status())
        for (const auto to : every_status())
            if (may_become(from, to, method)) found.emplace(from, to);
    return found;
}

using enum OrderStatus;

TEST(OrderMoves, picked_up_orders_take_these_ways_and_no_others) {
    EXPECT_EQ(moves(DeliveryMethod::pickup),
              (std::set<std::pair<OrderStatus, OrderStatus>>{{awaiting_payment, paid},
                                                             {awaiting_payment, cancelled},
                                                             {paid, processing},
                                                             {paid, ready_for_pickup},
                                                             {processing, ready_for_pickup},
                                                             {ready_for_pickup, delivered},
                                                             {shipped, delivered}}));
}

TEST(OrderMoves, orders_by_post_take_these_ways_and_no_others) {
    EXPECT_EQ(moves(DeliveryMethod::russian_post),
              (std::set<std::pair<OrderStatus, OrderStatus>>{{awaiting_payment, paid},
                                                             {awaiting_payment, cancelled},
                                                             {paid, processing},
                                                             {paid, shipped},
                                                             {processing, shipped},
                                                             {ready_for_pickup, delivered},
                                                             {shipped, delivered}}));
}

TEST(OrderMoves, final_is_what_nothing_leaves) {
    for (const auto from : every_status()) {
        bool leaves = false;
        for (const auto method : {DeliveryMethod::pickup, DeliveryMethod::russian_post})
            for (const auto& move : moves(method)) leaves |= move.first == from;
        EXPECT_EQ(is_final(from), !leaves);
    }
}

OrderLine line(std::int64_t price, std::int64_t discount, std::int64_t quantity) {
    return {.sku_id = 1,
            .title = "Чай",
            .sku_info = "100g",
            .price = Money::kopecks(price),
            .discount = Money::kopecks(discount),
            .quantity = quantity};
}

TEST(OrderTotals, goods_are_before_discounts_and_the_rest_adds_up) {
    const std::vector lines{line(900, 100, 3), line(50, 0, 2)};
    const auto totals = totals_of(lines, Money::kopecks(350));
    EXPECT_EQ(totals.goods, Money::kopecks(3'100));
    EXPECT_EQ(totals.discount, Money::kopecks(300));
    EXPECT_EQ(totals.delivery, Money::kopecks(350));
    EXPECT_EQ(totals.to_pay, Money::kopecks(3'150));
}

TEST(OrderTotals, the_sum_to_pay_is_never_below_zero) {
    const std::vector lines{line(-500, 600, 1)};
    EXPECT_EQ(totals_of(lines, {}).to_pay, Money{});
}

TEST(OrderTotals, a_quantity_that_no_price_can_be_multiplied_by_is_refused) {
    const std::vector lines{line(1'000, 0, INT64_MAX)};
    EXPECT_THROW(totals_of(lines, {}), MoneyOverflow);
}

}  // namespace
}  // namespace localtea::domain
