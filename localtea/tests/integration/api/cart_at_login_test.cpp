// What a guest put into his cart, once he signs in.
#include <gmock/gmock.h>

#include "api/signed_in.hpp"
#include "support/account_test.hpp"
#include "support/tea.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

using samovar::Object;
using samovar::Value;

class CartAtLoginTest : public testing::AccountTest {
protected:
    CartAtLoginTest() {
        sku_ = in_database([](db::Session session) -> asio::awaitable<std::int64_t> {
            const auto green = co_await db::add_category(session, testing::category("green"));
            co_return co_await testing::add_for_sale(session, testing::product("longjing", green));
        });
        add_cart_endpoints(api_, carts, customer_by_token(context));
    }

    /// The id of a guest who has put the tea into his cart.
    std::string guest() {
        const auto reply = client_.post("/api/v1/cart/items", {.json = Object{{"sku_id", sku_}, {"quantity", 2}}});
        return reply.header("X-Session-ID");
    }
    static web::Headers headers(const std::string& session) {
        web::Headers headers;
        headers.set("X-Session-ID", session);
        return headers;
    }
    int log_in_as(const std::string& session, std::string_view word) {
        const Value body = Object{{"email", "anna@example.com"}, {"password", word}};
        return client_.post("/api/v1/user/login", {.json = body, .headers = headers(session)}).status;
    }
    static std::size_t size(const web::testing::Reply& cart) {
        return cart.json().find("items")->if_array()->size();
    }

    std::int64_t sku_ = 0;
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, CartAtLoginTest, testing::both_kinds(), testing::kind_name);

TEST_P(CartAtLoginTest, his_cart_comes_along_and_the_guest_s_is_gone) {
    auto anna = customer("anna");
    const auto session = guest();
    ASSERT_EQ(log_in_as(session, password), 200);
    EXPECT_EQ(size(anna.get("/api/v1/cart")), 1U);
    EXPECT_EQ(size(client_.get("/api/v1/cart", {.headers = headers(session)})), 0U);
}

TEST_P(CartAtLoginTest, a_failed_login_moves_nothing) {
    auto anna = customer("anna");
    const auto session = guest();
    ASSERT_EQ(log_in_as(session, "wrong horse"), 401);
    EXPECT_EQ(size(client_.get("/api/v1/cart", {.headers = headers(session)})), 1U);
    EXPECT_EQ(size(anna.get("/api/v1/cart")), 0U);
}

}  // namespace
}  // namespace localtea::api
