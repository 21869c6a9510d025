#include "services/checkout.hpp"

#include <gmock/gmock.h>

#include "support/order_test.hpp"

namespace localtea::testing {
namespace {

using namespace std::chrono_literals;
using services::Errc;
using ::testing::HasSubstr;

class CheckoutTest : public OrderTest {
protected:
    std::string text(const samovar::Value& object, std::string_view name) {
        return *object.find(name)->if_string();
    }

    static std::string id_of(const domain::Order& order) { return std::to_string(order.id); }

    asio::awaitable<std::string> place_once(std::string key, std::string digest = "digest") {
        return services_.checkout.place_once(request_of(anna_), {std::move(key), std::move(digest)}, &id_of);
    }
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, CheckoutTest, both_kinds(), kind_name);

TEST_P(CheckoutTest, an_order_takes_the_prices_of_the_sku_and_moves_its_stock_to_reserved) {
    const auto order = place(anna_, 3);
    EXPECT_EQ(order.status, domain::OrderStatus::awaiting_payment);
    EXPECT_EQ(order.totals.goods, domain::Money::kopecks(150'000));
    EXPECT_EQ(order.totals.discount, domain::Money::kopecks(15'000));
    EXPECT_EQ(order.totals.to_pay, domain::Money::kopecks(135'000));
    ASSERT_EQ(order.items.size(), 1U);
    EXPECT_EQ(order.items[0].line,
              (domain::OrderLine{sku_, "Чай long-jing", "100g", domain::Money::kopecks(45'000),
                                 domain::Money::kopecks(5'000), 3}));
    EXPECT_THAT(order.payment_url.value(), HasSubstr("http://api.shop.test/sandbox/pay/"));
    EXPECT_EQ(stock(), (Stock{7, 3}));
    EXPECT_EQ(payment_of(order.id), "pending/none");
    EXPECT_EQ(run(services_.orders.find(anna_, order.id)), order);
}

TEST_P(CheckoutTest, where_nobody_takes_money_no_order_is_made_and_nothing_is_kept) {
    auto closed = settings();
    closed.provider = services::Provider::none;
    services::OrderServices services{closed, *database_, outbox_, clock_};
    put_into_cart(anna_, 1);
    EXPECT_EQ(refusal(services.checkout.place(request_of(anna_))), Errc::closed);
    EXPECT_THAT(last_refusal_, HasSubstr("не принимает заказы"));
    EXPECT_EQ(refusal(services.checkout.place_once(request_of(anna_), {"key", "digest"}, &id_of)), Errc::closed);
    EXPECT_EQ(
        refusal(services.payments.receive({.provider = "none", .signature = "", .body = "{}", .request_id = ""})),
        Errc::not_found);
    EXPECT_EQ(count("orders") + count("outbox") + count("idempotency_keys"), 0);
    EXPECT_EQ(stock(), (Stock{10, 0}));
}

TEST_P(CheckoutTest, what_the_sku_costs_later_changes_no_order) {
    const auto order = place(anna_, 1);
    execute("UPDATE skus SET price_cents = 99900, discount_cents = 0");
    EXPECT_EQ(run(services_.orders.find(anna_, order.id)), order);
}

TEST_P(CheckoutTest, the_confirmation_is_in_the_outbox_and_the_cart_is_empty) {
    const auto order = place(anna_, 2);
    EXPECT_EQ(nudges_, 1);
    const auto sent = mails();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(text(sent[0], "email_to"), "anna@example.com");
    EXPECT_EQ(text(sent[0], "template_name"), "order_confirmation.html");
    const auto& environment = *sent[0].find("environment");
    EXPECT_EQ(*environment.find("order_id"), samovar::Value{order.id});
    EXPECT_EQ(*environment.find("total"), samovar::Value{900});
    EXPECT_EQ(text(environment, "order_link"), fmt::format("http://shop.test/orders/{}", order.id));
    EXPECT_EQ(count("cart_items"), 0);
    EXPECT_EQ(refusal(services_.checkout.place(request_of(anna_))), Errc::refused);
}

TEST_P(CheckoutTest, a_parcel_costs_what_the_server_says_and_needs_an_address) {
    put_into_cart(anna_, 6);
    auto request = request_of(anna_);
    request.delivery_method = domain::DeliveryMethod::russian_post;
    EXPECT_EQ(refusal(services_.checkout.place(request)), Errc::refused);
    request.shipping_address = {"190000", "Невский пр., 1"};
    const auto order = run(services_.checkout.place(request));
    EXPECT_EQ(order.totals.delivery, domain::Money::kopecks(410'00));
    EXPECT_EQ(order.totals.to_pay, domain::Money::kopecks(6 * 45'000 + 410'00));
    EXPECT_EQ(order.shipping_address, request.shipping_address);
}

TEST_P(CheckoutTest, what_is_refused_changes_nothing) {
    EXPECT_EQ(refusal(services_.checkout.place(request_of(anna_))), Errc::refused);
    put_into_cart(anna_, 10);
    auto with_promo = request_of(anna_);
    with_promo.promo_code = "ЧАЙ";
    EXPECT_EQ(refusal(services_.checkout.place(with_promo)), Errc::refused);
    execute("UPDATE skus SET quantity = 9");
    EXPECT_EQ(refusal(services_.checkout.place(request_of(anna_))), Errc::not_in_stock);
    EXPECT_THAT(last_refusal_, HasSubstr("«Чай long-jing», 100 г: осталось только 9 шт."));
    EXPECT_EQ(stock(), (Stock{9, 0}));
    EXPECT_EQ(count("orders") + count("payments") + count("outbox"), 0);
    EXPECT_EQ(count("cart_items"), 1);
    EXPECT_EQ(nudges_, 0);
}

TEST_P(CheckoutTest, many_at_once_sell_what_there_is_and_no_more) {
    execute("UPDATE skus SET quantity = 5");
    std::vector<std::unique_ptr<db::Database>> processes;
    std::vector<std::unique_ptr<services::OrderServices>> apis;
    for (int i = 0; i < 2; ++i) {
        processes.push_back(open());
        apis.push_back(std::make_unique<services::OrderServices>(settings(), *processes.back(), outbox_, clock_));
    }
    int sold = 0, refused = 0;
    const auto buy = [&](std::size_t which, std::int64_t customer) -> asio::awaitable<void> {
        try {
            co_await apis[which % 2]->checkout.place(request_of(customer));
            ++sold;
        } catch (const services::Error& error) {
            EXPECT_EQ(error.kind(), Errc::not_in_stock);
            ++refused;
        }
    };
    std::vector<asio::awaitable<void>> customers;
    for (std::size_t i = 0; i < 16; ++i) {
        const auto customer = add_customer(fmt::format("customer{}", i));
        put_into_cart(customer, 1);
        customers.push_back(buy(i, customer));
    }
    run(concurrently(context_, std::move(customers)));
    EXPECT_EQ(sold, 5);
    EXPECT_EQ(refused, 11);
    EXPECT_EQ(stock(), (Stock{0, 5}));
}

TEST_P(CheckoutTest, carts_with_the_same_skus_in_other_orders_do_not_wait_in_a_circle) {
    std::vector<std::int64_t> skus{sku_};
    for (const auto* slug : {"da-hong-pao", "te-guan-yin", "bi-lo-chun"})
        skus.push_back(transaction([slug](db::Session session) -> asio::awaitable<std::int64_t> {
            const auto shelf = co_await db::add_category(session, category("teas"));
            co_return co_await add_for_sale(session, product(slug, shelf));
        }));
    const auto buy = [&](std::int64_t customer) -> asio::awaitable<void> {
        co_await services_.checkout.place(request_of(customer));
    };
    std::vector<asio::awaitable<void>> customers;
    for (int i = 0; i < 8; ++i) {
        const auto customer = add_customer(fmt::format("customer{}", i));
        std::ranges::rotate(skus, skus.begin() + 1);
        for (const auto sku : skus) put_into_cart(customer, 1, sku);
        customers.push_back(buy(customer));
    }
    run(concurrently(context_, std::move(customers)));
    EXPECT_EQ(stock(), (Stock{2, 8}));
}

TEST_P(CheckoutTest, two_tabs_of_one_customer_make_one_order_of_one_cart) {
    put_into_cart(anna_, 1);
    int placed = 0;
    const auto press = [&]() -> asio::awaitable<void> {
        try {
            co_await services_.checkout.place(request_of(anna_));
            ++placed;
        } catch (const services::Error& error) {
            EXPECT_EQ(error.kind(), Errc::refused);
        }
    };
    std::vector<asio::awaitable<void>> tabs;
    tabs.push_back(press());
    tabs.push_back(press());
    run(concurrently(context_, std::move(tabs)));
    EXPECT_EQ(placed, 1);
    EXPECT_EQ(count("orders"), 1);
}

TEST_P(CheckoutTest, the_same_key_gets_the_first_answer_and_makes_no_second_order) {
    put_into_cart(anna_, 1);
    const auto first = run(place_once("key"));
    put_into_cart(anna_, 1);
    EXPECT_EQ(run(place_once("key")), first);
    EXPECT_EQ(count("orders"), 1);
    EXPECT_NE(run(place_once("other key")), first);
}

TEST_P(CheckoutTest, a_key_is_the_customers_own) {
    put_into_cart(anna_, 1);
    const auto hers = run(place_once("key"));
    const auto boris = add_customer("boris");
    put_into_cart(boris, 1);
    EXPECT_NE(run(services_.checkout.place_once(request_of(boris), {"key", "digest"}, &id_of)), hers);
}

TEST_P(CheckoutTest, a_key_for_another_request_is_refused) {
    put_into_cart(anna_, 1);
    run(place_once("key", "one"));
    EXPECT_EQ(refusal(place_once("key", "another")), Errc::reused_key);
}

TEST_P(CheckoutTest, a_key_is_forgotten_after_a_day) {
    put_into_cart(anna_, 1);
    const auto first = run(place_once("key", "one"));
    clock_.advance(24h - 1us);
    EXPECT_EQ(run(place_once("key", "one")), first);
    clock_.advance(1us);
    put_into_cart(anna_, 1);
    EXPECT_NE(run(place_once("key", "another")), first);
}

TEST_P(CheckoutTest, what_was_refused_may_be_tried_again_with_the_same_key) {
    EXPECT_EQ(refusal(place_once("key")), Errc::refused);
    put_into_cart(anna_, 1);
    EXPECT_NO_THROW(run(place_once("key")));
}

TEST_P(CheckoutTest, while_the_first_runs_a_repetition_waits_and_takes_over_when_the_first_has_died) {
    put_into_cart(anna_, 1);
    const db::IdempotencyKey key{anna_, "key", "digest"};
    const auto claim = [&](std::string name) {
        return transaction(
            [=, now = clock_.now()](db::Session session) { return db::claim_key(session, key, name, now); });
    };
    ASSERT_TRUE(std::holds_alternative<db::KeyClaimed>(claim("of a process that died")));
    EXPECT_EQ(refusal(place_once("key")), Errc::running);
    EXPECT_EQ(refusal(place_once("key", "another")), Errc::reused_key);
    clock_.advance(db::idempotency_claim_time);
    EXPECT_NO_THROW(run(place_once("key")));

    // It was not dead, only slow: its work is undone with its transaction.
    const bool stored = transaction([&](db::Session session) {
        return db::store_answer(session, key, "of a process that died", "second order");
    });
    EXPECT_FALSE(stored);
}

TEST_P(CheckoutTest, repetitions_at_the_same_moment_make_one_order) {
    put_into_cart(anna_, 1);
    std::vector<std::string> answers;
    const auto press = [&]() -> asio::awaitable<void> {
        try {
            answers.push_back(co_await place_once("key"));
        } catch (const services::Error& error) {
            EXPECT_EQ(error.kind(), Errc::running);
        }
    };
    std::vector<asio::awaitable<void>> presses;
    for (int i = 0; i < 4; ++i) presses.push_back(press());
    run(concurrently(context_, std::move(presses)));
    ASSERT_FALSE(answers.empty());
    EXPECT_THAT(answers, ::testing::Each(answers.front()));
    EXPECT_EQ(count("orders"), 1);
}

}  // namespace
}  // namespace localtea::testing
