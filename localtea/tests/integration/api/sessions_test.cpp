// Sessions as the storefront's tabs, a thief and another site see them.
#include <gmock/gmock.h>
#include <samovar/json.hpp>

#include "domain/token.hpp"
#include "support/account_test.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

using namespace std::chrono_literals;
using samovar::Object;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class SessionsApiTest : public testing::AccountTest {
protected:
    using AccountTest::AccountTest;
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, SessionsApiTest, testing::both_kinds(), testing::kind_name);

TEST_P(SessionsApiTest, a_login_sets_a_cookie_for_the_refresh_calls_and_one_for_scripts) {
    register_and_confirm();
    const auto reply = log_in();
    const auto cookies = reply.headers.all("Set-Cookie");
    ASSERT_EQ(cookies.size(), 2U);
    EXPECT_THAT(std::string{cookies[0]},
                AllOf(HasSubstr("refresh_token="), HasSubstr("; Path=/api/v1/user;"), HasSubstr("Max-Age=604800"),
                      HasSubstr("SameSite=Lax"), HasSubstr("HttpOnly"), HasSubstr("Secure")));
    EXPECT_THAT(std::string{cookies[1]},
                AllOf(HasSubstr("csrf_token="), HasSubstr("; Path=/;"), HasSubstr("Max-Age=604800"),
                      HasSubstr("SameSite=Lax"), HasSubstr("Secure"), Not(HasSubstr("HttpOnly"))));
    EXPECT_EQ(reply.header("Cache-Control"), "no-store");
    EXPECT_THAT(reply.body, Not(HasSubstr("refresh")));
}

TEST_P(SessionsApiTest, cookies_travel_over_plain_http_only_while_debugging) {
    context.secure_cookies = false;
    register_and_confirm();
    const auto reply = log_in();
    for (const auto cookie : reply.headers.all("Set-Cookie"))
        EXPECT_THAT(std::string{cookie}, Not(HasSubstr("Secure")));
}

TEST_P(SessionsApiTest, the_database_holds_no_token) {
    auto anna = customer("anna");
    const auto rows = in_database([](db::Session session) -> asio::awaitable<std::string> {
        const auto found = co_await session.query("SELECT digest, csrf_digest FROM refresh_tokens, sessions");
        co_return found[0].get<std::string>("digest") + " " + found[0].get<std::string>("csrf_digest");
    });
    EXPECT_EQ(rows, domain::token_digest(anna.cookies["refresh_token"]) + " " +
                        domain::token_digest(anna.cookies["csrf_token"]));
}

TEST_P(SessionsApiTest, the_form_of_oauth2_signs_in_as_the_json_call_does) {
    register_and_confirm();
    const auto reply =
        client_.post("/api/v1/user/login/access-token",
                     {.form = "grant_type=password&username=Anna%40example.com&password=correct+horse"});
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(text(reply.json(), "token_type"), "bearer");
    EXPECT_EQ(reply.headers.all("Set-Cookie").size(), 2U);
    EXPECT_EQ(client_.post("/api/v1/user/login/access-token", {.form = "username=anna@example.com&password=wrong"})
                  .status,
              401);
    EXPECT_EQ(client_.post("/api/v1/user/login/access-token", {.form = "username=anna@example.com"}).status, 422);
}

TEST_P(SessionsApiTest, a_refresh_gives_new_tokens_and_keeps_the_csrf_token) {
    auto anna = customer("anna");
    const auto before = anna;
    clock_.advance(1min);
    const auto reply = anna.refresh();
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_NE(anna.access_token, before.access_token);
    EXPECT_NE(anna.cookies["refresh_token"], before.cookies.at("refresh_token"));
    EXPECT_EQ(anna.cookies["csrf_token"], before.cookies.at("csrf_token"));
    EXPECT_EQ(anna.profile_status(), 200);
    EXPECT_EQ(anna.refresh().status, 200);
}

TEST_P(SessionsApiTest, a_refresh_carries_a_session_on_beyond_the_life_of_its_first_tokens) {
    auto anna = customer("anna");
    clock_.advance(24h * 6);
    EXPECT_EQ(anna.profile_status(), 401) << "the access token has expired";
    ASSERT_EQ(anna.refresh().status, 200);
    clock_.advance(24h * 6);
    ASSERT_EQ(anna.refresh().status, 200);
    EXPECT_EQ(anna.profile_status(), 200);
    clock_.advance(24h * 7);
    EXPECT_EQ(anna.refresh().status, 401);
}

TEST_P(SessionsApiTest, two_tabs_may_refresh_at_once_and_a_third_time_is_theft) {
    auto first = customer("anna");
    auto second = first;
    auto third = first;
    ASSERT_EQ(first.refresh().status, 200);
    clock_.advance(9s);
    ASSERT_EQ(second.refresh().status, 200);
    EXPECT_EQ(first.profile_status(), 200);
    EXPECT_EQ(second.profile_status(), 200);
    EXPECT_EQ(first.refresh().status, 200) << "both tabs go on";
    EXPECT_EQ(second.refresh().status, 200);

    EXPECT_EQ(third.refresh().status, 401);
    for (auto* tab : {&first, &second}) {
        EXPECT_EQ(tab->profile_status(), 401);
        EXPECT_EQ(tab->refresh().status, 401);
    }
}

TEST_P(SessionsApiTest, a_stolen_refresh_token_ends_the_session_for_thief_and_customer) {
    auto anna = customer("anna");
    auto thief = anna;
    ASSERT_EQ(anna.refresh().status, 200);
    clock_.advance(10s);
    EXPECT_EQ(thief.refresh().status, 401);
    EXPECT_EQ(anna.profile_status(), 401) << "at once, not when the access token expires";
    EXPECT_EQ(anna.refresh().status, 401);
}

TEST_P(SessionsApiTest, the_thief_who_comes_first_is_noticed_by_the_customer_s_next_refresh) {
    auto anna = customer("anna");
    auto thief = anna;
    ASSERT_EQ(thief.refresh().status, 200);
    ASSERT_EQ(thief.refresh().status, 200);
    clock_.advance(5min);
    EXPECT_EQ(anna.refresh().status, 401);
    EXPECT_EQ(thief.refresh().status, 401);
    EXPECT_EQ(thief.profile_status(), 401);
}

TEST_P(SessionsApiTest, many_refreshes_at_once_give_two_tokens_at_most) {
    const auto anna = customer("anna");
    std::atomic<int> served = 0;
    {
        std::vector<std::jthread> tabs;
        for (int i = 0; i < 8; ++i)
            tabs.emplace_back([&served, tab = anna]() mutable { served += tab.refresh().status == 200; });
    }
    EXPECT_EQ(served, 2);
    EXPECT_EQ(count("sessions"), 0) << "the third ended it";
}

TEST_P(SessionsApiTest, another_browser_with_the_same_cookies_ends_the_session) {
    auto anna = customer("anna");
    auto thief = anna;
    thief.agent = "curl/8.0";
    EXPECT_EQ(thief.refresh().status, 401);
    EXPECT_EQ(anna.refresh().status, 401);
    EXPECT_EQ(anna.profile_status(), 401);
}

TEST_P(SessionsApiTest, another_address_does_not_matter_unless_sessions_are_bound_to_it) {
    auto anna = customer("anna");
    anna.address = "192.0.2.7";
    EXPECT_EQ(anna.refresh().status, 200);
}

TEST_P(SessionsApiTest, other_sessions_of_the_account_live_on) {
    auto home = customer("anna");
    auto office = sign_in("anna");
    auto thief = home;
    thief.agent = "curl/8.0";
    thief.refresh();
    EXPECT_EQ(home.profile_status(), 401);
    EXPECT_EQ(office.profile_status(), 200);
    EXPECT_EQ(office.refresh().status, 200);
}

TEST_P(SessionsApiTest, unknown_missing_and_misused_refresh_tokens_are_refused) {
    auto anna = customer("anna");
    auto other = anna;
    other.cookies["refresh_token"] = "unknown";
    EXPECT_EQ(other.refresh().status, 401);
    other.cookies["refresh_token"] = anna.access_token;
    EXPECT_EQ(other.refresh().status, 401);
    other.cookies.erase("refresh_token");
    EXPECT_EQ(other.refresh().status, 401);
    other.access_token = anna.cookies["refresh_token"];
    EXPECT_EQ(other.profile_status(), 401) << "a refresh token gives no access";
    EXPECT_EQ(anna.refresh().status, 200) << "none of it hurt her session";
}

TEST_P(SessionsApiTest, a_logout_ends_the_session_in_every_process_and_clears_the_cookies) {
    auto anna = customer("anna");
    auto before = anna;
    const auto reply = anna.log_out();
    EXPECT_EQ(reply.status, 200);
    EXPECT_TRUE(anna.cookies.empty());
    EXPECT_EQ(before.profile_status(), 401);
    EXPECT_EQ(before.refresh().status, 401);
    EXPECT_EQ(before.log_out().status, 200) << "again: harmless";

    const auto elsewhere = open();
    services::AccountServices other_process{{.secret_key = "a secret of forty bytes for these tests.",
                                             .access_token_lifetime = 30min,
                                             .hashing = {.passes = 1, .memory = 8192}},
                                            *elsewhere,
                                            outbox_service,
                                            clock_};
    EXPECT_THROW(result_of(other_process.sessions.authenticate(before.access_token)), services::Error);
}

TEST_P(SessionsApiTest, a_signed_in_call_needs_a_csrf_token_of_ours) {
    auto anna = customer("anna");
    auto bare = anna;
    bare.cookies.erase("csrf_token");
    EXPECT_EQ(bare.profile_status(), 403);
    for (const auto& forged : {std::string{"x"}, std::string(64, 'a') + "." + std::string(64, 'b')}) {
        bare.csrf_token = forged;
        EXPECT_EQ(bare.profile_status(), 403) << forged;
    }
    context.csrf_enabled = false;
    bare.csrf_token.clear();
    EXPECT_EQ(bare.profile_status(), 200);
}

TEST_P(SessionsApiTest, without_an_access_token_the_csrf_token_is_not_asked_for) {
    EXPECT_EQ(new_browser().profile_status(), 401);
}

TEST_P(SessionsApiTest, refresh_and_logout_need_the_session_s_own_csrf_token_even_when_others_do_not) {
    context.csrf_enabled = false;
    auto anna = customer("anna");
    auto eve = customer("eve");

    auto missing = anna;
    missing.cookies.erase("csrf_token");
    auto unequal = anna;
    unequal.csrf_token = eve.cookies["csrf_token"];
    auto unsigned_pair = anna;
    unsigned_pair.cookies["csrf_token"] = std::string(64, 'a') + "." + std::string(64, 'b');
    auto foreign = anna;
    foreign.cookies["csrf_token"] = eve.cookies["csrf_token"];
    for (auto* wrong : {&missing, &unequal, &unsigned_pair, &foreign}) {
        EXPECT_EQ(wrong->refresh().status, 403);
        EXPECT_EQ(wrong->log_out().status, 403);
    }
    EXPECT_EQ(anna.refresh().status, 200) << "the session was not hurt";
}

TEST_P(SessionsApiTest, refresh_and_logout_are_for_pages_of_allowed_origins) {
    auto anna = customer("anna");
    for (const std::string foreign : {"https://evil.test", "null", "https://shop.test.evil.test"}) {
        anna.origin = foreign;
        EXPECT_EQ(anna.refresh().status, 403) << foreign;
        EXPECT_EQ(anna.log_out().status, 403) << foreign;
    }
    for (const std::string own : {"http://shop.test", "https://storefront.test"}) {
        anna.origin = own;
        EXPECT_EQ(anna.refresh().status, 200) << own;
    }
}

TEST_P(SessionsApiTest, a_disabled_account_is_out_at_once) {
    auto anna = customer("anna");
    in_database([](db::Session session) { return session.exec("UPDATE users SET is_active = FALSE"); });
    EXPECT_EQ(anna.profile_status(), 401);
    EXPECT_EQ(anna.refresh().status, 401);
    EXPECT_EQ(log_in("wrong").status, 401);
    EXPECT_EQ(log_in().status, 400);
}

TEST_P(SessionsApiTest, expired_sessions_are_removed_by_the_next_logins_and_on_request) {
    for (int i = 0; i < 3; ++i) customer("customer" + std::to_string(i));
    clock_.advance(24h * 7);
    sign_in("customer0");
    EXPECT_EQ(count("sessions"), 1);
    EXPECT_EQ(count("refresh_tokens"), 1);
    clock_.advance(24h * 7);
    const auto removed = result_of(upkeep.remove_expired_sessions({}));
    EXPECT_EQ(removed, 1);
    EXPECT_EQ(count("refresh_tokens"), 0);
}

TEST_P(SessionsApiTest, a_refresh_forgets_expired_tokens_of_its_session) {
    auto anna = customer("anna");
    anna.refresh();
    clock_.advance(24h * 6);
    anna.refresh();
    clock_.advance(24h * 2);
    anna.refresh();
    EXPECT_EQ(count("refresh_tokens"), 2);
}

TEST_P(SessionsApiTest, a_hash_made_another_way_is_replaced_at_login) {
    register_and_confirm();
    const std::string old =
        "$argon2id$v=19$m=8192,t=2,p=1$9GcrrLEwn0fjTPlNNWCw3A$qVD4etfch1k8c0XmJoqAdMS+pjRSgV8yf2RvZk9JvGQ";
    in_database([old](db::Session session) { return session.exec("UPDATE users SET password_hash = $1", old); });
    const auto stored = [this] {
        return in_database([](db::Session session) -> asio::awaitable<std::string> {
            const auto rows = co_await session.query("SELECT password_hash FROM users");
            co_return rows[0].get<std::string>("password_hash");
        });
    };
    EXPECT_EQ(log_in("wrong").status, 401);
    EXPECT_EQ(stored(), old);
    EXPECT_EQ(log_in().status, 200);
    const auto renewed = stored();
    EXPECT_THAT(renewed, HasSubstr("$m=8,t=1,p=1$"));
    EXPECT_EQ(log_in().status, 200);
    EXPECT_EQ(stored(), renewed);
}

TEST_P(SessionsApiTest, the_documentation_offers_the_login_form_and_the_csrf_header) {
    const auto document = api_.openapi();
    const auto& schemes = *document.find("components")->find("securitySchemes");
    EXPECT_EQ(text(*schemes.find("csrf"), "name"), "X-CSRF-Token");
    EXPECT_EQ(text(*schemes.find("account")->find("flows")->find("password"), "tokenUrl"),
              "/api/v1/user/login/access-token");
    const auto& refresh = *document.find("paths")->find("/api/v1/user/refresh")->find("post");
    EXPECT_THAT(samovar::json::dump(refresh), HasSubstr("x-csrf-token"));
    const auto& profile = *document.find("paths")->find("/api/v1/user/get-profile")->find("get");
    EXPECT_THAT(samovar::json::dump(*profile.find("security")), AllOf(HasSubstr("account"), HasSubstr("csrf")));
}

class BoundSessionsApiTest : public testing::AccountTest {
protected:
    BoundSessionsApiTest() : AccountTest({.refresh_token_lifetime = 24h, .bind_address = true}) {}
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, BoundSessionsApiTest, testing::both_kinds(), testing::kind_name);

TEST_P(BoundSessionsApiTest, another_address_ends_the_session) {
    auto anna = customer("anna");
    EXPECT_EQ(anna.refresh().status, 200);
    anna.address = "192.0.2.7";
    EXPECT_EQ(anna.refresh().status, 401);
    EXPECT_EQ(anna.profile_status(), 401);
}

TEST_P(BoundSessionsApiTest, another_address_of_the_same_ipv6_network_is_the_same_customer) {
    register_and_confirm();
    auto anna = new_browser();
    anna.address = "2001:db8:1:2::1";
    ASSERT_EQ(anna.log_in("anna@example.com", password).status, 200);
    anna.address = "2001:db8:1:2:aaaa::9";
    EXPECT_EQ(anna.refresh().status, 200);
    anna.address = "2001:db8:1:3::1";
    EXPECT_EQ(anna.refresh().status, 401);
}

}  // namespace
}  // namespace localtea::api
