// The order calls as the storefront makes them: the real endpoints over a real database, without a socket.
#include "api/endpoints.hpp"

#include <gmock/gmock.h>
#include <samovar/json.hpp>

#include "domain/user.hpp"
#include "support/api_test.hpp"
#include "support/order_test.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

using samovar::Object;
using samovar::Value;
using ::testing::HasSubstr;

class OrderApiTest : public testing::ApiTest<testing::OrderTest> {
protected:
    OrderApiTest() {
        boris_ = add_customer("boris");
        user_.id = anna_;
        put_into_cart(anna_, 2);
        api_.provide([this](web::RequestPtr) { return user_; });
        add_order_endpoints(api_, services_);
        add_webhook_endpoints(api_, services_.payments);
        add_sandbox_pages(api_, services_.payments);
        serve();
    }

    static Object contact() {
        return {{"firstname", " Анна "},
                {"lastname", "Иванова"},
                {"phone", "8 (912) 345-67-89"},
                {"email", "Anna@Example.com"}};
    }
    static Object order_body() { return {{"contact_info", contact()}}; }

    web::testing::Reply check_out(Object body = order_body(), std::string_view key = "") {
        web::Headers headers;
        if (!key.empty()) headers.set("Idempotency-Key", key);
        return client_.post("/api/v1/orders/checkout", {.json = std::move(body), .headers = std::move(headers)});
    }
    std::string path_of(const Value& order, std::string_view rest = "") {
        return "/api/v1/orders/" + std::to_string(number(order, "id")) + std::string{rest};
    }
    static std::int64_t number(const Value& object, std::string_view name) { return *object.find(name)->if_int(); }
    static std::string text(const Value& object, std::string_view name) { return *object.find(name)->if_string(); }
    static std::string detail(const web::testing::Reply& reply) { return text(reply.json(), "detail"); }

    std::int64_t boris_ = 0;
    domain::User user_;
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, OrderApiTest, testing::both_kinds(), testing::kind_name);

TEST_P(OrderApiTest, checkout_answers_with_the_order_field_by_field) {
    const auto reply = check_out();
    ASSERT_EQ(reply.status, 200) << reply.body;
    const auto order = reply.json();
    EXPECT_EQ(text(order, "status"), "awaiting_payment");
    EXPECT_EQ(number(order, "total_amount_cents"), 100'000);
    EXPECT_EQ(number(order, "discount_amount_cents"), 10'000);
    EXPECT_EQ(number(order, "delivery_cost_cents"), 0);
    EXPECT_EQ(number(order, "final_amount_cents"), 90'000);
    EXPECT_EQ(text(order, "delivery_method"), "pickup");
    for (const auto* empty : {"promo_code", "tracking_number", "shipping_address"})
        EXPECT_TRUE(order.find(empty)->is_null()) << empty;
    EXPECT_EQ(text(*order.find("contact_info"), "firstname"), "Анна");
    EXPECT_EQ(text(*order.find("contact_info"), "phone"), "+79123456789");
    EXPECT_EQ(text(*order.find("contact_info"), "email"), "anna@example.com");
    EXPECT_THAT(text(order, "created_at"), HasSubstr("+00:00"));
    const auto& item = order.find("items")->if_array()->at(0);
    EXPECT_EQ(number(item, "sku_id"), sku_);
    EXPECT_EQ(text(item, "sku_info"), "100g");
    EXPECT_EQ(number(item, "price_cents"), 45'000);
    EXPECT_EQ(number(item, "quantity"), 2);
    EXPECT_THAT(text(order, "payment_url"), HasSubstr("/sandbox/pay/"));
    EXPECT_EQ(client_.get(path_of(order)).body, reply.body);
    EXPECT_EQ(client_.get("/api/v1/orders").body, "[" + reply.body + "]");
    EXPECT_EQ(client_.get(path_of(order, "/status")).json(),
              (Value{Object{{"order_id", number(order, "id")}, {"status", "awaiting_payment"}}}));
}

TEST_P(OrderApiTest, the_delivery_cost_of_the_body_counts_for_nothing) {
    auto body = order_body();
    body.set("delivery_method", "russian_post");
    body.set("shipping_address", Object{{"postal_code", "190000"}, {"address", "Невский пр., 1"}});
    body.set("delivery_cost_cents", -1'000'000);
    const auto order = check_out(std::move(body)).json();
    EXPECT_EQ(number(order, "delivery_cost_cents"), 350'00);
    EXPECT_EQ(number(order, "final_amount_cents"), 90'000 + 350'00);
}

TEST_P(OrderApiTest, every_wrong_field_is_named_at_once) {
    auto who = contact();
    who.set("phone", "123");
    who.set("email", "nobody");
    who.set("lastname", " ");
    Object body{{"contact_info", std::move(who)},
                {"delivery_method", "teleport"},
                {"payment_method", "tea leaves"},
                {"shipping_address", Object{{"postal_code", "19000"}, {"address", ""}}}};
    const auto reply = check_out(std::move(body));
    ASSERT_EQ(reply.status, 422);
    std::vector<std::string> fields;
    const auto answer = reply.json();
    for (const auto& error : *answer.find("detail")->if_array())
        fields.push_back(*error.find("loc")->if_array()->back().if_string());
    EXPECT_THAT(fields, ::testing::UnorderedElementsAre("phone", "email", "lastname", "delivery_method",
                                                        "payment_method", "postal_code", "address"));
    EXPECT_EQ(check_out({}).status, 422);
    EXPECT_EQ(client_.get("/api/v1/orders").body, "[]");
}

TEST_P(OrderApiTest, what_cannot_be_ordered_is_refused_with_400_and_a_reason) {
    auto by_post = order_body();
    by_post.set("delivery_method", "russian_post");
    EXPECT_EQ(detail(check_out(std::move(by_post))), "Для доставки почтой нужен адрес.");
    auto with_promo = order_body();
    with_promo.set("promo_code", "ЧАЙ");
    EXPECT_EQ(check_out(std::move(with_promo)).status, 400);
    user_.id = boris_;
    const auto empty = check_out();
    EXPECT_EQ(empty.status, 400);
    EXPECT_EQ(detail(empty), "Корзина пуста.");
}

TEST_P(OrderApiTest, an_idempotency_key_repeats_the_answer_and_minds_the_body) {
    const auto first = check_out(order_body(), "key-1");
    ASSERT_EQ(first.status, 200) << first.body;
    const auto again = check_out(order_body(), "key-1");
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, first.body);
    auto other = order_body();
    other.set("delivery_cost_cents", 1);
    const auto reused = check_out(std::move(other), "key-1");
    EXPECT_EQ(reused.status, 422);
    EXPECT_THAT(reused.body, HasSubstr("Idempotency-Key"));
    EXPECT_EQ(check_out(order_body(), std::string(256, 'x')).status, 422);
}

TEST_P(OrderApiTest, somebody_elses_order_is_404_everywhere) {
    const auto order = check_out().json();
    user_.id = boris_;
    EXPECT_EQ(client_.get(path_of(order)).status, 404);
    EXPECT_EQ(client_.get(path_of(order, "/status")).status, 404);
    EXPECT_EQ(client_.post(path_of(order, "/cancel")).status, 404);
    EXPECT_EQ(client_.get("/api/v1/orders").body, "[]");
    EXPECT_EQ(client_.get("/api/v1/orders/4711").status, 404);
    EXPECT_EQ(client_.get("/api/v1/orders/x").status, 422);
}

TEST_P(OrderApiTest, cancelling_gives_the_stock_back_and_works_once) {
    const auto order = check_out().json();
    const auto reply = client_.post(path_of(order, "/cancel"));
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(text(reply.json(), "status"), "cancelled");
    EXPECT_TRUE(reply.json().find("payment_url")->is_null());
    EXPECT_EQ(client_.post(path_of(order, "/cancel")).status, 400);
}

TEST_P(OrderApiTest, a_signed_notice_pays_and_others_are_refused) {
    const auto order = check_out().json();
    const auto url = text(order, "payment_url");
    const auto body = samovar::json::dump_compact(Object{{"event_id", "e1"},
                                                         {"type", "payment.succeeded"},
                                                         {"payment_id", url.substr(url.rfind('/') + 1)},
                                                         {"order_id", number(order, "id")},
                                                         {"amount_cents", 90'000}});
    const auto send = [&](std::string_view secret) {
        web::Headers headers;
        headers.set("X-Signature", testing::sign_webhook(body, clock_.now(), secret));
        return client_.post("/api/v1/webhooks/payment/sandbox", {.body = body, .headers = std::move(headers)});
    };
    EXPECT_EQ(send("wrong").status, 401);
    EXPECT_EQ(client_.post("/api/v1/webhooks/payment/sandbox", {.body = body}).status, 401);
    EXPECT_EQ(client_.post("/api/v1/webhooks/payment/bank", {.body = body}).status, 404);
    EXPECT_EQ(send("current").body, R"({"status":"accepted"})");
    EXPECT_EQ(send("current").body, R"({"status":"repeated"})");
    EXPECT_EQ(text(client_.get(path_of(order, "/status")).json(), "status"), "paid");
}

TEST_P(OrderApiTest, the_sandbox_page_shows_the_sum_and_its_button_pays) {
    const auto order = check_out().json();
    const auto page = text(order, "payment_url").substr(std::string{"http://api.shop.test"}.size());
    const auto shown = client_.get(page);
    EXPECT_EQ(shown.status, 200);
    EXPECT_THAT(shown.body, HasSubstr("900,00"));
    EXPECT_EQ(client_.post(page, {.form = "outcome=stolen"}).status, 422);
    EXPECT_THAT(client_.post(page, {.form = "outcome=succeeded"}).body, HasSubstr("Оплачено"));
    EXPECT_EQ(text(client_.get(path_of(order, "/status")).json(), "status"), "paid");
    EXPECT_THAT(client_.post(page, {.form = "outcome=failed"}).body, HasSubstr("уже завершён"));
    EXPECT_EQ(client_.get("/sandbox/pay/nothing").status, 404);
}

TEST_P(OrderApiTest, what_goes_wrong_on_the_sandbox_page_is_a_page) {
    const web::Headers person{{"Accept", "text/html"}};
    const auto order = check_out().json();
    const auto path = text(order, "payment_url").substr(std::string{"http://api.shop.test"}.size());
    const auto unknown = client_.get("/sandbox/pay/nothing", {.headers = person});
    EXPECT_EQ(unknown.status, 404);
    EXPECT_THAT(unknown.body, HasSubstr("<h1>Не получилось</h1>"));
    const auto wrong = client_.post(path, {.form = "outcome=stolen", .headers = person});
    EXPECT_EQ(wrong.status, 422);
    EXPECT_THAT(wrong.body, HasSubstr("<a href=\"" + path + "\">"));
}

}  // namespace
}  // namespace localtea::api
