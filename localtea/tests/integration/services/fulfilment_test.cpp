#include "services/fulfilment.hpp"

#include <gmock/gmock.h>

#include "support/order_test.hpp"

namespace localtea::testing {
namespace {

using domain::OrderStatus;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class FulfilmentTest : public OrderTest {
protected:
    domain::Order paid(domain::DeliveryMethod method) {
        put_into_cart(anna_, 1);
        auto request = request_of(anna_);
        request.delivery_method = method;
        request.shipping_address = {"190000", "Невский пр., 1"};
        auto order = run(services_.checkout.place(std::move(request)));
        tell(notice(order, fmt::format("e{}", order.id), "succeeded"));
        mails();
        return order;
    }

    std::string refusal_of(asio::awaitable<void> step) {
        try {
            run(std::move(step));
            return "done";
        } catch (const services::StepRefused& refused) {
            return refused.what();
        }
    }

    services::Fulfilment fulfilment_{"http://shop.test", *database_, outbox_, clock_};
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, FulfilmentTest, both_kinds(), kind_name);

TEST_P(FulfilmentTest, a_parcel_is_shipped_with_its_number_and_its_customer_gets_a_mail) {
    const auto order = paid(domain::DeliveryMethod::russian_post);
    run(fulfilment_.ship(order.id, "ra123456789ru"));
    const auto shipped = run(services_.orders.find(anna_, order.id));
    EXPECT_EQ(shipped.status, OrderStatus::shipped);
    EXPECT_EQ(shipped.tracking_number, "RA123456789RU");
    const auto sent = mails();
    ASSERT_THAT(sent, SizeIs(1));
    EXPECT_EQ(*sent[0].find("template_name"), samovar::Value{"order_shipped.html"});
    const auto& environment = *sent[0].find("environment");
    EXPECT_EQ(*environment.find("tracking_number"), samovar::Value{"RA123456789RU"});
    EXPECT_EQ(*environment.find("shipping_address"), samovar::Value{"190000, Невский пр., 1"});
    run(fulfilment_.deliver(order.id));
    EXPECT_EQ(status_of(order.id), OrderStatus::delivered);
}

TEST_P(FulfilmentTest, an_order_to_pick_up_becomes_ready_and_delivered) {
    const auto order = paid(domain::DeliveryMethod::pickup);
    run(fulfilment_.make_ready(order.id));
    EXPECT_EQ(status_of(order.id), OrderStatus::ready_for_pickup);
    run(fulfilment_.deliver(order.id));
    EXPECT_EQ(status_of(order.id), OrderStatus::delivered);
}

TEST_P(FulfilmentTest, steps_that_do_not_fit_say_why_and_change_nothing) {
    const auto unpaid = place(anna_, 1);
    mails();
    EXPECT_EQ(refusal_of(fulfilment_.ship(unpaid.id, "12345678901234")),
              fmt::format(
                  "order {} is awaiting_payment and goes by pickup: it may become paid or cancelled, not shipped",
                  unpaid.id));
    EXPECT_EQ(refusal_of(fulfilment_.deliver(4711)), "there is no order 4711");
    const auto parcel = paid(domain::DeliveryMethod::russian_post);
    EXPECT_THAT(refusal_of(fulfilment_.make_ready(parcel.id)), HasSubstr("not ready_for_pickup"));
    for (const auto* number : {"", "123", "1234567890123a", "RA12345678RU", "RA123456789R1", "РА123456789"})
        EXPECT_THAT(refusal_of(fulfilment_.ship(parcel.id, number)), HasSubstr("14 digits")) << number;
    EXPECT_EQ(status_of(parcel.id), OrderStatus::paid);
    EXPECT_THAT(mails(), SizeIs(0));
}

TEST_P(FulfilmentTest, lists_are_of_one_status_oldest_first_and_of_flagged_payments) {
    const auto first = paid(domain::DeliveryMethod::pickup);
    const auto second = paid(domain::DeliveryMethod::pickup);
    const auto unpaid = place(anna_, 1);
    const auto listed = run(fulfilment_.list(OrderStatus::paid, 10));
    ASSERT_THAT(listed, SizeIs(2));
    EXPECT_EQ(listed[0].id, first.id);
    EXPECT_EQ(listed[1].id, second.id);
    EXPECT_THAT(run(fulfilment_.list(OrderStatus::paid, 1)), SizeIs(1));
    EXPECT_THAT(run(fulfilment_.list_flagged(10)), SizeIs(0));
    tell(notice(unpaid, "wrong", "succeeded", 1));
    const auto flagged = run(fulfilment_.list_flagged(10));
    ASSERT_THAT(flagged, SizeIs(1));
    EXPECT_EQ(flagged[0].order_id, unpaid.id);
}

}  // namespace
}  // namespace localtea::testing
