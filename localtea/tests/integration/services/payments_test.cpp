#include "services/payments.hpp"

#include <gmock/gmock.h>

#include "services/order_expiry.hpp"
#include "support/order_test.hpp"

namespace localtea::testing {
namespace {

using namespace std::chrono_literals;
using domain::NoticeEffect;
using domain::OrderStatus;
using services::Errc;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PaymentsTest : public OrderTest {
protected:
    /// An order of three units, its confirmation already on its way.
    domain::Order three() {
        auto order = place(anna_, 3);
        mails();
        return order;
    }
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, PaymentsTest, both_kinds(), kind_name);

TEST_P(PaymentsTest, success_pays_the_order_and_sells_its_stock) {
    const auto order = three();
    EXPECT_EQ(tell(notice(order, "e1", "succeeded")), NoticeEffect::pay);
    EXPECT_EQ(status_of(order.id), OrderStatus::paid);
    EXPECT_EQ(payment_of(order.id), "succeeded/none");
    EXPECT_EQ(stock(), (Stock{7, 0}));
    EXPECT_EQ(run(services_.orders.find(anna_, order.id)).payment_url, std::nullopt);
    EXPECT_THAT(mails(), IsEmpty());
}

TEST_P(PaymentsTest, failure_cancels_the_order_and_its_stock_goes_back) {
    const auto order = three();
    EXPECT_EQ(tell(notice(order, "e1", "failed")), NoticeEffect::cancel);
    EXPECT_EQ(status_of(order.id), OrderStatus::cancelled);
    EXPECT_EQ(payment_of(order.id), "failed/none");
    EXPECT_EQ(stock(), (Stock{10, 0}));
}

TEST_P(PaymentsTest, a_replayed_notice_changes_nothing_again) {
    const auto order = three();
    const auto body = notice(order, "e1", "succeeded");
    EXPECT_EQ(tell(body), NoticeEffect::pay);
    EXPECT_EQ(tell(body), std::nullopt);
    EXPECT_EQ(tell(notice(order, "e2", "succeeded")), NoticeEffect::none);
    EXPECT_EQ(stock(), (Stock{7, 0}));
    EXPECT_EQ(count("payment_events"), 2);
}

TEST_P(PaymentsTest, the_same_notice_many_times_at_once_is_applied_once) {
    const auto order = three();
    const auto other_process = open();
    services::OrderServices other{settings(), *other_process, outbox_, clock_};
    int applied = 0;
    const auto send = [&](services::Payments* payments) -> asio::awaitable<void> {
        if (co_await payments->receive(signed_notice(notice(order, "e1", "succeeded")))) ++applied;
    };
    std::vector<asio::awaitable<void>> copies;
    for (int i = 0; i < 6; ++i) copies.push_back(send(i % 2 ? &other.payments : &services_.payments));
    run(concurrently(context_, std::move(copies)));
    EXPECT_EQ(applied, 1);
    EXPECT_EQ(stock(), (Stock{7, 0}));
}

TEST_P(PaymentsTest, an_altered_late_or_unsigned_notice_is_refused_and_leaves_no_trace) {
    const auto order = three();
    const auto body = notice(order, "e1", "succeeded");
    auto altered = signed_notice(body);
    altered.body = notice(order, "e1", "succeeded", 1);
    EXPECT_EQ(refusal(services_.payments.receive(altered)), Errc::bad_signature);
    EXPECT_EQ(refusal(services_.payments.receive(signed_notice(body, "stolen"))), Errc::bad_signature);
    auto late = signed_notice(body);
    clock_.advance(5min + 1s);
    EXPECT_EQ(refusal(services_.payments.receive(late)), Errc::bad_signature);
    EXPECT_EQ(refusal(services_.payments.receive({.provider = "sandbox", .signature = "", .body = body})),
              Errc::bad_signature);
    EXPECT_EQ(refusal(services_.payments.receive(signed_notice("{}"))), Errc::refused);
    auto elsewhere = signed_notice(body);
    elsewhere.provider = "bank";
    EXPECT_EQ(refusal(services_.payments.receive(elsewhere)), Errc::not_found);
    EXPECT_EQ(status_of(order.id), OrderStatus::awaiting_payment);
    EXPECT_EQ(count("payment_events"), 0);
    EXPECT_EQ(run(services_.payments.receive(signed_notice(body, "previous"))), NoticeEffect::pay);
}

TEST_P(PaymentsTest, another_amount_or_order_is_flagged_and_mailed_but_not_paid) {
    const auto order = three();
    EXPECT_EQ(tell(notice(order, "e1", "succeeded", order.totals.to_pay.in_kopecks() - 1)),
              NoticeEffect::mismatch);
    EXPECT_EQ(tell(notice(order, "e2", "succeeded", {}, order.id + 1)), NoticeEffect::mismatch);
    EXPECT_EQ(status_of(order.id), OrderStatus::awaiting_payment);
    EXPECT_EQ(payment_of(order.id), "pending/mismatch");
    EXPECT_EQ(stock(), (Stock{7, 3}));
    const auto sent = mails();
    ASSERT_THAT(sent, SizeIs(2));
    EXPECT_EQ(*sent[0].find("email_to"), samovar::Value{"shop@shop.test"});

    // The right one still pays; the flag stays for whoever looks after it.
    EXPECT_EQ(tell(notice(order, "e3", "succeeded")), NoticeEffect::pay);
    EXPECT_EQ(payment_of(order.id), "succeeded/mismatch");
}

TEST_P(PaymentsTest, money_for_a_payment_that_is_not_ours_is_recorded_and_mailed) {
    const auto order = three();
    auto stranger = order;
    stranger.payment_url = "http://api.shop.test/sandbox/pay/no-such-payment";
    EXPECT_EQ(tell(notice(stranger, "e1", "succeeded")), NoticeEffect::unknown);
    EXPECT_EQ(tell(notice(stranger, "e1", "succeeded")), std::nullopt);
    EXPECT_EQ(count("payment_events"), 1);
    EXPECT_THAT(mails(), SizeIs(1));
}

TEST_P(PaymentsTest, money_for_a_cancelled_order_is_kept_flagged_and_mailed_once) {
    const auto order = three();
    run(services_.orders.cancel(anna_, order.id));
    EXPECT_EQ(payment_of(order.id), "failed/none");
    EXPECT_EQ(tell(notice(order, "e1", "succeeded")), NoticeEffect::refund);
    EXPECT_EQ(tell(notice(order, "e1", "succeeded")), std::nullopt);
    EXPECT_EQ(tell(notice(order, "e2", "succeeded")), NoticeEffect::none);
    EXPECT_EQ(status_of(order.id), OrderStatus::cancelled);
    EXPECT_EQ(payment_of(order.id), "succeeded/refund");
    EXPECT_EQ(stock(), (Stock{10, 0}));
    const auto sent = mails();
    ASSERT_THAT(sent, SizeIs(1));
    EXPECT_EQ(*sent[0].find("email_to"), samovar::Value{"shop@shop.test"});
    EXPECT_EQ(*sent[0].find("template_name"), samovar::Value{"payment_alert.html"});
}

TEST_P(PaymentsTest, a_failure_after_success_and_a_success_after_failure_come_out_right) {
    const auto paid = three();
    EXPECT_EQ(tell(notice(paid, "e1", "succeeded")), NoticeEffect::pay);
    EXPECT_EQ(tell(notice(paid, "e2", "failed")), NoticeEffect::none);
    EXPECT_EQ(status_of(paid.id), OrderStatus::paid);
    EXPECT_EQ(payment_of(paid.id), "succeeded/none");

    const auto failed = three();
    EXPECT_EQ(tell(notice(failed, "e3", "failed")), NoticeEffect::cancel);
    EXPECT_EQ(tell(notice(failed, "e4", "succeeded")), NoticeEffect::refund);
    EXPECT_EQ(status_of(failed.id), OrderStatus::cancelled);
    EXPECT_EQ(stock(), (Stock{7, 0}));
}

TEST_P(PaymentsTest, the_page_pays_on_the_same_path_without_a_signature) {
    const auto order = three();
    const services::RawNotice from_page{.provider = "sandbox", .body = notice(order, "e1", "succeeded")};
    EXPECT_EQ(run(services_.payments.apply(from_page)), NoticeEffect::pay);
    EXPECT_EQ(status_of(order.id), OrderStatus::paid);
}

/// Whoever comes first: an order whose money came is paid, or cancelled and flagged for refund.
TEST_P(PaymentsTest, a_payment_and_an_end_at_the_same_moment_end_paid_or_flagged) {
    const auto other_process = open();
    services::OrderServices other{settings(), *other_process, outbox_, clock_};
    services::OrderExpiry expiry{{.payment_timeout = 0min, .batch = 10}, *other_process, clock_};
    int paid = 0, flagged = 0;
    const auto pay = [&](const domain::Order* order, int round) -> asio::awaitable<void> {
        co_await services_.payments.receive(signed_notice(notice(*order, fmt::format("e{}", round), "succeeded")));
    };
    const auto cancel = [&](const domain::Order* order) -> asio::awaitable<void> {
        try {
            co_await other.orders.cancel(anna_, order->id);
        } catch (const services::Error& error) {
            EXPECT_EQ(error.kind(), Errc::refused);
        }
    };
    const auto expire = [&]() -> asio::awaitable<void> { co_await expiry.cancel_expired_orders({}); };
    for (int round = 0; round < 24; ++round) {
        execute("UPDATE skus SET quantity = 10, reserved_quantity = 0");
        const auto order = three();
        std::vector<asio::awaitable<void>> both;
        if (round % 2 == 0) both.push_back(pay(&order, round));
        if (round % 4 < 2)
            both.push_back(cancel(&order));
        else
            both.push_back(expire());
        if (round % 2 == 1) both.push_back(pay(&order, round));
        run(concurrently(context_, std::move(both)));
        if (status_of(order.id) == OrderStatus::paid) {
            ++paid;
            EXPECT_EQ(payment_of(order.id), "succeeded/none");
            EXPECT_EQ(stock(), (Stock{7, 0}));
        } else {
            ++flagged;
            EXPECT_EQ(status_of(order.id), OrderStatus::cancelled);
            EXPECT_EQ(payment_of(order.id), "succeeded/refund");
            EXPECT_EQ(stock(), (Stock{10, 0}));
        }
    }
    EXPECT_EQ(paid + flagged, 24);
}

}  // namespace
}  // namespace localtea::testing
