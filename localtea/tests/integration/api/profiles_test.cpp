// Profiles, what is changed in them, and the end of accounts.
#include <gmock/gmock.h>

#include "support/account_test.hpp"

namespace localtea::api {
namespace {

using namespace std::chrono_literals;
using samovar::Object;
using ::testing::HasSubstr;
using ::testing::Not;

class ProfilesApiTest : public testing::AccountTest {
protected:
    static web::testing::Reply change(testing::Browser& browser, const std::string& field, std::string value) {
        auto path = "/api/v1/user/change-" + field;
        for (char& c : path) c = c == '_' ? '-' : c;
        return browser.post(path, Object{{field, std::move(value)}});
    }
    static std::string told(testing::Browser& browser, const std::string& field) {
        return text(browser.get("/api/v1/user/get-profile").json(), field);
    }
    static web::testing::Reply remove(testing::Browser& browser, std::string_view word) {
        return browser.ask("DELETE", "/api/v1/user/account", {.json = Object{{"password", word}}});
    }
    // Of the newest account.
    void add_order(std::string status) {
        in_database([status, now = clock_.now()](db::Session session) {
            return session.exec(
                "INSERT INTO orders (user_id, status, goods_cents, discount_cents, delivery_cents, to_pay_cents, "
                "delivery_method, firstname, lastname, phone, email, created_at, updated_at) VALUES ("
                "(SELECT max(id) FROM users), $1, 100, 0, 0, 100, 'pickup', 'Anna', 'K', '+79123456789', "
                "'anna@example.com', $2, $2)",
                status, now);
        });
    }
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, ProfilesApiTest, testing::both_kinds(), testing::kind_name);

TEST_P(ProfilesApiTest, each_field_is_changed_by_a_call_of_its_own_into_its_normal_form) {
    auto anna = customer("anna");
    const std::vector<std::array<std::string, 3>> cases{
        {"username", " Анна ", "Анна"},
        {"firstname", "Анна", "Анна"},
        {"lastname", "Каренина", "Каренина"},
        {"middlename", "Аркадьевна", "Аркадьевна"},
        {"birthdate", "1990-05-17", "1990-05-17"},
        {"address", "Москва, Тверская, 1", "Москва, Тверская, 1"},
        {"postal_code", "125009", "125009"},
        {"phone_number", "8 (912) 345-67-89", "+79123456789"},
    };
    clock_.advance(1min);
    for (const auto& [field, given, kept] : cases) {
        const auto reply = change(anna, field, given);
        EXPECT_EQ(reply.status, 200) << field << reply.body;
        EXPECT_EQ(told(anna, field), kept);
    }
    EXPECT_NE(told(anna, "updated_at"), told(anna, "created_at"));
}

TEST_P(ProfilesApiTest, a_taken_username_or_phone_number_is_named) {
    auto anna = customer("anna");
    auto boris = customer("boris");
    ASSERT_EQ(change(boris, "phone_number", "+79123456789").status, 200);
    const auto username = change(anna, "username", "boris");
    EXPECT_EQ(username.status, 400);
    EXPECT_THAT(username.body, HasSubstr("имя пользователя"));
    const auto phone = change(anna, "phone_number", "+79123456789");
    EXPECT_EQ(phone.status, 400);
    EXPECT_THAT(phone.body, HasSubstr("телефона"));
    EXPECT_EQ(change(anna, "username", "anna").status, 200) << "one's own is not taken";
}

TEST_P(ProfilesApiTest, a_new_phone_number_is_unconfirmed) {
    auto anna = customer("anna");
    in_database([](db::Session session) { return session.exec("UPDATE users SET is_phone_confirmed = TRUE"); });
    ASSERT_EQ(change(anna, "phone_number", "+79123456789").status, 200);
    EXPECT_EQ(*anna.get("/api/v1/user/get-profile").json().find("is_phone_confirmed")->if_bool(), false);
}

TEST_P(ProfilesApiTest, what_no_field_may_hold_is_refused_with_the_field_s_name) {
    auto anna = customer("anna");
    for (const auto& [field, value] :
         std::vector<std::pair<std::string, std::string>>{{"username", ""},
                                                          {"username", "anna\r\nBcc: eve"},
                                                          {"firstname", std::string(101, 'a')},
                                                          {"birthdate", "2990-01-01"},
                                                          {"birthdate", "soon"},
                                                          {"address", std::string(501, 'a')},
                                                          {"postal_code", std::string("12\0", 3)},
                                                          {"phone_number", "12"}}) {
        const auto reply = change(anna, field, value);
        EXPECT_EQ(reply.status, 422) << field;
        EXPECT_THAT(reply.body, HasSubstr(field));
    }
    EXPECT_EQ(anna.post("/api/v1/user/change-username", Object{{"firstname", "x"}}).status, 422);
    EXPECT_EQ(anna.post("/api/v1/user/change-username", Object{{"username", 7}}).status, 422);
}

TEST_P(ProfilesApiTest, injections_are_text) {
    auto anna = customer("anna");
    for (const std::string text : {"'; DROP TABLE users; --", "$1", "{{ 7*7 }}{% include 'base.html' %}",
                                   "<script>alert(1)</script>", "../../etc/passwd", "%00%0d%0a", "\\x27 OR 1=1"}) {
        EXPECT_EQ(change(anna, "firstname", text).status, 200) << text;
        EXPECT_EQ(told(anna, "firstname"), text);
    }
    EXPECT_EQ(count("users"), 1);
}

TEST_P(ProfilesApiTest, changes_need_a_session_and_a_csrf_token) {
    auto anna = customer("anna");
    auto nobody = new_browser();
    EXPECT_EQ(change(nobody, "firstname", "x").status, 401);
    anna.cookies.erase("csrf_token");
    EXPECT_EQ(change(anna, "firstname", "x").status, 403);
}

TEST_P(ProfilesApiTest, anybody_sees_a_username_and_nothing_personal) {
    auto anna = customer("anna");
    const auto id = *anna.get("/api/v1/user/get-profile").json().find("id")->if_int();
    const auto path = "/api/v1/user/get-public-profile/" + std::to_string(id);
    const auto reply = client_.get(path);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.json(), samovar::Value(Object{{"username", "anna"}, {"avatar_url", nullptr}}));
    EXPECT_EQ(client_.get("/api/v1/user/get-public-profile/404").status, 404);
    EXPECT_EQ(client_.get("/api/v1/user/get-public-profile/1%20OR%201=1").status, 422);
    in_database([](db::Session session) { return session.exec("UPDATE users SET is_active = FALSE"); });
    EXPECT_EQ(client_.get(path).status, 404);
}

TEST_P(ProfilesApiTest, a_deleted_account_leaves_nothing_personal_and_ends_every_session) {
    auto anna = customer("anna");
    auto elsewhere = sign_in("anna");
    EXPECT_EQ(remove(anna, "wrong horse").status, 400);
    EXPECT_EQ(anna.profile_status(), 200);

    auto before = anna;
    const auto reply = remove(anna, password);
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_TRUE(anna.cookies.empty());
    EXPECT_EQ(before.profile_status(), 401);
    EXPECT_EQ(before.refresh().status, 401);
    EXPECT_EQ(elsewhere.profile_status(), 401);
    EXPECT_EQ(log_in().status, 401);
    for (const auto* table : {"users", "sessions", "refresh_tokens", "one_time_tokens"})
        EXPECT_EQ(count(table), 0) << table;
    register_and_confirm("anna");
    EXPECT_EQ(before.profile_status(), 401) << "a new account of the same name is another";
}

TEST_P(ProfilesApiTest, orders_outlive_their_customer_s_account_without_the_person) {
    auto anna = customer("anna");
    add_order("delivered");
    ASSERT_EQ(remove(anna, password).status, 200);
    EXPECT_EQ(count("orders"), 1);
    EXPECT_EQ(count("orders WHERE user_id IS NULL AND firstname IS NULL AND phone IS NULL AND email IS NULL"), 1);
}

TEST_P(ProfilesApiTest, an_unconfirmed_account_with_an_order_stays) {
    post("/registration", registration("anna"));
    add_order("delivered");
    clock_.advance(24h * 8);
    EXPECT_EQ(result_of(upkeep.remove_unconfirmed_accounts({})), 0);
    EXPECT_EQ(count("users"), 1);
}

TEST_P(ProfilesApiTest, accounts_that_nobody_confirms_go_after_seven_days) {
    post("/registration", registration("anna"));
    register_and_confirm("boris");
    clock_.advance(24h * 6);
    post("/registration", registration("vera"));
    const auto removed = [this] { return result_of(upkeep.remove_unconfirmed_accounts({})); };
    EXPECT_EQ(removed(), 0);
    clock_.advance(24h);
    EXPECT_EQ(removed(), 1) << "anna";
    EXPECT_EQ(count("users"), 2);
    clock_.advance(24h * 6);
    EXPECT_EQ(removed(), 1) << "vera; boris stays";
    EXPECT_EQ(removed(), 0);
}

TEST_P(ProfilesApiTest, every_call_of_the_contract_is_there) {
    const auto document = api_.openapi();
    const auto has = [&](const std::string& call, std::string_view method) {
        const auto* path = document.find("paths")->find("/api/v1/user/" + call);
        return path && path->find(method);
    };
    for (const auto* call : {"registration",
                             "confirm-email",
                             "login",
                             "login/access-token",
                             "refresh",
                             "logout",
                             "change-email",
                             "confirm-email-change",
                             "resend-confirmation",
                             "forgot-password",
                             "reset-password",
                             "change-password",
                             "change-username",
                             "change-firstname",
                             "change-lastname",
                             "change-middlename",
                             "change-birthdate",
                             "change-address",
                             "change-postal-code",
                             "change-phone-number"})
        EXPECT_TRUE(has(call, "post")) << call;
    for (const auto* call : {"get-profile", "get-public-profile/{id}", "confirm-email", "confirm-email-change"})
        EXPECT_TRUE(has(call, "get")) << call;
    EXPECT_TRUE(has("account", "delete"));
}

}  // namespace
}  // namespace localtea::api
