#include "domain/payment.hpp"

#include <gtest/gtest.h>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

namespace localtea::domain {
namespace {

constexpr Money price = Money::kopecks(1'250'00);

Payment payment(PaymentStatus status) {
    return {.id = 1, .order_id = 7, .provider = "sandbox", .external_id = "p", .amount = price, .status = status};
}

PaymentNotice notice(NoticeKind kind) {
    return {.event_id = "e", .kind = kind, .external_id = "p", .order_id = 7, .amount = price};
}

NoticeEffect effect(NoticeKind kind, PaymentStatus status, OrderStatus order) {
    return effect_of(notice(kind), payment(status), order);
}

TEST(NoticeEffect, the_first_notice_of_an_open_payment_decides_the_order) {
    using enum OrderStatus;
    EXPECT_EQ(effect(NoticeKind::succeeded, PaymentStatus::pending, awaiting_payment), NoticeEffect::pay);
    EXPECT_EQ(effect(NoticeKind::failed, PaymentStatus::pending, awaiting_payment), NoticeEffect::cancel);
}

TEST(NoticeEffect, money_for_a_cancelled_order_is_kept_and_goes_back) {
    for (const auto status : {PaymentStatus::failed, PaymentStatus::pending})
        EXPECT_EQ(effect(NoticeKind::succeeded, status, OrderStatus::cancelled), NoticeEffect::refund);
}

TEST(NoticeEffect, whatever_comes_after_success_changes_nothing) {
    using enum OrderStatus;
    for (const auto order : {paid, processing, ready_for_pickup, shipped, delivered, cancelled})
        for (const auto kind : {NoticeKind::succeeded, NoticeKind::failed})
            EXPECT_EQ(effect(kind, PaymentStatus::succeeded, order), NoticeEffect::none);
}

TEST(NoticeEffect, a_failure_of_an_order_that_ended_changes_nothing) {
    EXPECT_EQ(effect(NoticeKind::failed, PaymentStatus::failed, OrderStatus::cancelled), NoticeEffect::none);
    EXPECT_EQ(effect(NoticeKind::failed, PaymentStatus::pending, OrderStatus::cancelled), NoticeEffect::none);
}

TEST(NoticeEffect, another_amount_or_order_is_a_mismatch_in_every_state) {
    for (const auto kind : {NoticeKind::succeeded, NoticeKind::failed})
        for (const auto status : {PaymentStatus::pending, PaymentStatus::succeeded, PaymentStatus::failed}) {
            auto one_kopeck_less = notice(kind);
            one_kopeck_less.amount -= Money::kopecks(1);
            EXPECT_EQ(effect_of(one_kopeck_less, payment(status), OrderStatus::awaiting_payment),
                      NoticeEffect::mismatch);
            auto of_another = notice(kind);
            of_another.order_id = 8;
            EXPECT_EQ(effect_of(of_another, payment(status), OrderStatus::awaiting_payment),
                      NoticeEffect::mismatch);
        }
}

TEST(NoticeEffect, an_order_is_paid_or_cancelled_from_awaiting_payment_alone) {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<OrderStatus>>([](auto order) {
        if (order.value == OrderStatus::awaiting_payment) return;
        for (const auto status : {PaymentStatus::pending, PaymentStatus::succeeded, PaymentStatus::failed})
            for (const auto kind : {NoticeKind::succeeded, NoticeKind::failed}) {
                const auto result = effect(kind, status, order.value);
                EXPECT_TRUE(result == NoticeEffect::none || result == NoticeEffect::refund) << order.name;
            }
    });
}

}  // namespace
}  // namespace localtea::domain
