// Carts as the storefront keeps them, for guests and for customers.
#include "api/endpoints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "db/users.hpp"
#include "services/carts.hpp"
#include "services/demo_catalogue.hpp"
#include "support/api_test.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

using samovar::Array;
using samovar::Object;
using samovar::Value;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view session_header = "X-Session-ID";

/// In these tests a token is the customer's id, and "no" is none.
asio::awaitable<std::int64_t> customer_of(web::RequestPtr request) {
    const std::string token{request->headers.find("Authorization")->substr(std::string_view{"Bearer "}.size())};
    if (token == "no") throw web::HttpError{401, "Войдите в учётную запись."};
    co_return std::stoll(token);
}

class CartApiTest : public testing::ApiTest<> {
protected:
    CartApiTest() {
        migrate();
        run(services::seed_demo_catalogue(*database_, clock_, services::Seeding::missing));
        add_cart_endpoints(api_, carts, &customer_of);
        serve();
    }

    std::int64_t add_user(std::string name) {
        const auto added = in_database([name](db::Session session) {
            return db::insert_user(session, {.email = name + "@example.ru", .username = name}, "hash", {});
        });
        return std::get<domain::User>(added).id;
    }
    std::int64_t sku(std::string code) {
        return in_database([code](db::Session session) -> asio::awaitable<std::int64_t> {
            const auto rows = co_await session.query("SELECT id FROM skus WHERE sku_code = $1", code);
            co_return rows[0].get<std::int64_t>("id");
        });
    }

    /// A call as the guest of that session makes it.
    web::testing::Reply ask(std::string_view method, const std::string& path, const std::string& session,
                            std::optional<Value> body = std::nullopt) {
        web::Headers headers;
        if (!session.empty()) headers.set(session_header, session);
        return client_.request(method, "/api/v1/cart" + path,
                               {.json = std::move(body), .headers = std::move(headers)});
    }
    web::testing::Reply put(const std::string& session, std::int64_t sku_id, std::int64_t quantity) {
        return ask("POST", "/items", session, Object{{"sku_id", sku_id}, {"quantity", quantity}});
    }
    std::string new_session() { return std::string{*ask("GET", "", "").headers.find(session_header)}; }
    Value cart(const std::string& session) { return ask("GET", "", session).json(); }

    static std::string text(const Value& object, std::string_view name) { return *object.find(name)->if_string(); }
    static std::int64_t number(const Value& object, std::string_view name) { return *object.find(name)->if_int(); }
    static const Array& items(const Value& cart) { return *cart.find("items")->if_array(); }
    /// "sku:quantity ..." of what is in the cart.
    static std::string contents(const Value& cart) {
        std::string text;
        for (const Value& item : items(cart))
            text += std::to_string(number(*item.find("sku"), "id")) + ":" +
                    std::to_string(number(item, "quantity")) + " ";
        return text;
    }
    static std::string detail(const web::testing::Reply& reply) { return text(reply.json(), "detail"); }

    web::testing::Reply ask_as(const std::string& token, std::string_view method, const std::string& path,
                               std::optional<Value> body = std::nullopt) {
        web::Headers headers;
        headers.set("Authorization", "Bearer " + token);
        return client_.request(method, "/api/v1/cart" + path,
                               {.json = std::move(body), .headers = std::move(headers)});
    }
    void merge(std::string session, std::int64_t user_id) {
        result_of(carts.merge_guest_cart(std::move(session), user_id));
    }

    services::Carts carts{*database_, clock_};
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, CartApiTest, testing::both_kinds(), testing::kind_name);

TEST_P(CartApiTest, a_guest_gets_an_id_and_an_empty_cart_that_leaves_no_row) {
    const auto reply = ask("GET", "", "");
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.header("Cache-Control"), "no-store");
    EXPECT_THAT(reply.header(session_header), SizeIs(43));
    EXPECT_NE(reply.header(session_header), new_session());
    EXPECT_EQ(number(reply.json(), "id"), 0);
    EXPECT_EQ(number(reply.json(), "final_amount_cents"), 0);
    EXPECT_TRUE(reply.json().find("promo_code")->is_null());
    EXPECT_THAT(items(reply.json()), IsEmpty());
    EXPECT_EQ(count("carts"), 0);
}

TEST_P(CartApiTest, what_is_put_in_costs_its_price_less_the_discount) {
    const auto session = new_session();
    const auto first = put(session, sku("longjing-100"), 2);
    EXPECT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(first.header(session_header), session);
    put(session, sku("sencha-yame-50"), 1);
    const auto now = cart(session);
    ASSERT_THAT(items(now), SizeIs(2));
    EXPECT_EQ(number(now, "total_amount_cents"), 2 * 189'000 + 79'000);
    EXPECT_EQ(number(now, "discount_amount_cents"), 2 * 19'000);
    EXPECT_EQ(number(now, "promo_discount_cents"), 0);
    EXPECT_EQ(number(now, "final_amount_cents"), 2 * 170'000 + 79'000);
    const auto& line = items(now)[0];
    EXPECT_EQ(number(line, "total_cents"), 340'000);
    const auto& tea = *line.find("sku");
    EXPECT_EQ(number(tea, "price_cents"), 170'000);
    EXPECT_EQ(number(tea, "original_price_cents"), 189'000);
    EXPECT_EQ(number(tea, "discount_cents"), 19'000);
    EXPECT_EQ(number(tea, "weight"), 100);
}

TEST_P(CartApiTest, quantities_add_up_change_and_go) {
    const auto session = new_session();
    const auto longjing = sku("longjing-25");
    ask("POST", "/items", session, Object{{"sku_id", longjing}});
    const auto twice = put(session, longjing, 2).json();
    EXPECT_EQ(contents(twice), std::to_string(longjing) + ":3 ");
    const auto item = "/items/" + std::to_string(number(items(twice)[0], "id"));
    EXPECT_EQ(number(items(ask("PATCH", item, session, Object{{"quantity", 60}}).json())[0], "quantity"), 60);
    EXPECT_THAT(items(ask("DELETE", item, session).json()), IsEmpty());
    EXPECT_EQ(ask("DELETE", item, session).status, 404);
    put(session, longjing, 1);
    put(session, sku("gyokuro-25"), 1);
    EXPECT_THAT(items(ask("DELETE", "", session).json()), IsEmpty());
    EXPECT_THAT(items(cart(session)), IsEmpty());
}

TEST_P(CartApiTest, more_than_is_in_stock_is_refused_in_russian_and_changes_nothing) {
    const auto session = new_session();
    const auto longjing = sku("longjing-25");
    put(session, longjing, 59);
    const auto reply = put(session, longjing, 2);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(detail(reply), "Столько нет в наличии: осталось 60 шт.");
    EXPECT_EQ(contents(cart(session)), std::to_string(longjing) + ":59 ");
    execute("UPDATE skus SET quantity = 0");
    EXPECT_EQ(detail(put(session, longjing, 1)), "Этого товара сейчас нет в наличии.");
}

TEST_P(CartApiTest, limits_are_told_in_russian) {
    const auto session = new_session();
    const auto much = sku("gunpowder-100");
    EXPECT_EQ(put(session, much, 99).status, 200);
    const auto item = "/items/" + std::to_string(number(items(cart(session))[0], "id"));
    for (const auto& reply : {put(session, much, 1), put(session, much, 2'147'483'647),
                              ask("PATCH", item, session, Object{{"quantity", 100}})}) {
        EXPECT_EQ(reply.status, 400);
        EXPECT_EQ(detail(reply), "В корзину можно положить не больше 99 шт. одного товара.");
    }
    const auto all = in_database([](db::Session session) -> asio::awaitable<std::vector<std::int64_t>> {
        std::vector<std::int64_t> ids;
        for (const db::Row& row : co_await session.query("SELECT id FROM skus ORDER BY id"))
            ids.push_back(row.get<std::int64_t>("id"));
        co_return ids;
    });
    const auto other = new_session();
    for (std::size_t i = 0; i < domain::max_cart_lines; ++i) EXPECT_EQ(put(other, all[i], 1).status, 200);
    EXPECT_EQ(put(other, all[0], 1).status, 200) << "no new line";
    const auto reply = put(other, all[domain::max_cart_lines], 1);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(detail(reply), "В корзине может быть не больше 50 разных товаров.");
}

TEST_P(CartApiTest, bad_bodies_are_422) {
    const auto session = new_session();
    const auto longjing = sku("longjing-25");
    for (const Value& body :
         {Value{Object{}}, Value{Object{{"sku_id", "one"}}}, Value{Object{{"sku_id", longjing}, {"quantity", 0}}},
          Value{Object{{"sku_id", longjing}, {"quantity", -1}}},
          Value{Object{{"sku_id", longjing}, {"quantity", 1.5}}},
          Value{Object{{"sku_id", longjing}, {"quantity", 3'000'000'000}}}, Value{Array{}}})
        EXPECT_EQ(ask("POST", "/items", session, body).status, 422);
    EXPECT_EQ(ask("PATCH", "/items/x", session, Object{{"quantity", 1}}).status, 422);
    EXPECT_EQ(ask("PATCH", "/items/1", session, Object{}).status, 422);
}

TEST_P(CartApiTest, what_is_not_there_is_404) {
    const auto session = new_session();
    EXPECT_EQ(detail(put(session, 404, 1)), "Такого товара нет.");
    EXPECT_EQ(put(session, 404, 1).status, 404);
    for (const char* method : {"PATCH", "DELETE"}) {
        const auto reply = ask(method, "/items/404", session, Object{{"quantity", 1}});
        EXPECT_EQ(reply.status, 404) << method;
        EXPECT_EQ(detail(reply), "Такого товара в корзине нет.");
    }
    execute("UPDATE skus SET is_visible = FALSE WHERE sku_code = 'longjing-25'");
    EXPECT_EQ(put(session, sku("longjing-25"), 1).status, 404);
}

TEST_P(CartApiTest, nobody_reaches_another_s_items) {
    const auto mine = new_session();
    put(mine, sku("longjing-25"), 1);
    const auto item = "/items/" + std::to_string(number(items(cart(mine))[0], "id"));
    const auto other = new_session();
    put(other, sku("gyokuro-25"), 1);
    EXPECT_EQ(ask("DELETE", item, other).status, 404);
    EXPECT_EQ(ask("PATCH", item, other, Object{{"quantity", 5}}).status, 404);
    EXPECT_EQ(number(items(cart(mine))[0], "quantity"), 1);
}

TEST_P(CartApiTest, a_malformed_session_id_is_replaced_and_the_new_one_works) {
    for (const std::string& bad : {std::string{"6f1b1d1e-8a3c-4c37-9d58-0d4f6f3b7f10"}, std::string(5'000, 'A'),
                                   std::string{"' OR 1=1 --"}, std::string{"null"}}) {
        const auto reply = put(bad, sku("longjing-25"), 1);
        EXPECT_EQ(reply.status, 200) << bad;
        const std::string session{reply.header(session_header)};
        EXPECT_NE(session, bad);
        EXPECT_THAT(items(cart(session)), SizeIs(1));
    }
}

TEST_P(CartApiTest, the_database_holds_no_session_id) {
    const auto session = new_session();
    put(session, sku("longjing-25"), 1);
    const auto stored = in_database([](db::Session database) -> asio::awaitable<std::string> {
        const auto rows = co_await database.query("SELECT session_digest FROM carts");
        co_return rows[0].get<std::string>("session_digest");
    });
    EXPECT_THAT(stored, ::testing::Not(HasSubstr(session)));
}

TEST_P(CartApiTest, a_customer_s_cart_is_his_by_token_and_no_guest_s) {
    const auto anna = std::to_string(add_user("anna"));
    const auto boris = std::to_string(add_user("boris"));
    const auto reply = ask_as(anna, "POST", "/items", Object{{"sku_id", sku("longjing-25")}, {"quantity", 2}});
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_FALSE(reply.headers.find(session_header));
    EXPECT_THAT(items(ask_as(anna, "GET", "").json()), SizeIs(1));
    EXPECT_THAT(items(ask_as(boris, "GET", "").json()), IsEmpty());
    EXPECT_EQ(ask_as("no", "GET", "").status, 401) << "a bad token is no guest";
}

TEST_P(CartApiTest, a_guest_s_cart_moves_into_the_customer_s_within_stock) {
    const auto anna = add_user("anna");
    const auto session = new_session();
    const auto longjing = sku("longjing-25");
    ask_as(std::to_string(anna), "POST", "/items", Object{{"sku_id", longjing}, {"quantity", 50}});
    put(session, longjing, 20);
    put(session, sku("gyokuro-25"), 1);
    merge(session, anna);
    EXPECT_EQ(contents(ask_as(std::to_string(anna), "GET", "").json()),
              std::to_string(longjing) + ":60 " + std::to_string(sku("gyokuro-25")) + ":1 ");
    EXPECT_EQ(number(cart(session), "id"), 0) << "the guest's cart is gone";
    merge(session, anna);
    EXPECT_EQ(number(items(ask_as(std::to_string(anna), "GET", "").json())[0], "quantity"), 60);
}

TEST_P(CartApiTest, merging_what_is_no_session_or_an_empty_one_changes_nothing) {
    const auto anna = add_user("anna");
    for (const std::string& session : {std::string{}, std::string{"made up"}, new_session()}) merge(session, anna);
    EXPECT_EQ(number(ask_as(std::to_string(anna), "GET", "").json(), "id"), 0);
}

TEST_P(CartApiTest, forgotten_guests_carts_go_when_a_new_one_begins) {
    put(new_session(), sku("longjing-25"), 1);
    clock_.advance(services::guest_cart_lifetime + std::chrono::hours{1});
    put(new_session(), sku("longjing-25"), 1);
    EXPECT_EQ(count("carts"), 1);
}

}  // namespace
}  // namespace localtea::api
