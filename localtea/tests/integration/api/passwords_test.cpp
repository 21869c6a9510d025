// Forgotten and changed passwords.
#include <gmock/gmock.h>

#include "support/account_test.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

using namespace std::chrono_literals;
using samovar::Object;
using ::testing::HasSubstr;
using ::testing::Not;

class PasswordsApiTest : public testing::AccountTest {
protected:
    static constexpr std::string_view other_password = "battery staple";

    web::testing::Reply forgot(std::string email) { return post("/forgot-password", Object{{"email", email}}); }
    web::testing::Reply reset(std::string token, std::string_view word = other_password) {
        return post("/reset-password", Object{{"token", token}, {"new_password", word}});
    }
    static web::testing::Reply change(testing::Browser& browser, std::string_view old_password,
                                      std::string_view new_password) {
        return browser.post("/api/v1/user/change-password",
                            Object{{"old_password", old_password}, {"new_password", new_password}});
    }
    std::string reset_token() {
        EXPECT_EQ(forgot("anna@example.com").status, 200);
        return mailed_token();
    }
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, PasswordsApiTest, testing::both_kinds(), testing::kind_name);

TEST_P(PasswordsApiTest, a_forgotten_password_is_replaced_by_way_of_a_mail) {
    auto anna = customer("anna");
    const auto asked = forgot("Anna@Example.com");
    EXPECT_EQ(asked.status, 200);
    const auto sent = mails();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(text(sent[0], "email_to"), "anna@example.com");
    EXPECT_EQ(text(sent[0], "template_name"), "password_reset.html");
    const auto token = text(*sent[0].find("environment"), "token");
    EXPECT_EQ(text(*sent[0].find("environment"), "link"), "http://shop.test/reset-password?token=" + token);

    EXPECT_EQ(reset(token).status, 200);
    EXPECT_EQ(log_in().status, 401) << "the old password";
    EXPECT_EQ(log_in(std::string{other_password}).status, 200);
    EXPECT_EQ(anna.profile_status(), 401) << "every session has ended";
    EXPECT_EQ(anna.refresh().status, 401);
    const auto told = mails();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(text(told[0], "template_name"), "password_changed.html");
    EXPECT_THAT(text(*told[0].find("environment"), "changed_at"), HasSubstr("(МСК)"));
}

TEST_P(PasswordsApiTest, a_reset_link_works_once_within_an_hour_and_only_the_newest_does) {
    register_and_confirm();
    const auto first = reset_token();
    const auto second = reset_token();
    EXPECT_EQ(reset(first).status, 404);
    EXPECT_EQ(reset(second, "short").status, 422);
    EXPECT_EQ(reset(second).status, 200);
    EXPECT_EQ(reset(second).status, 404);
    const auto late = reset_token();
    clock_.advance(1h);
    EXPECT_EQ(reset(late).status, 400);
    EXPECT_EQ(reset("unknown").status, 404);
    EXPECT_EQ(log_in(std::string{other_password}).status, 200);
}

TEST_P(PasswordsApiTest, of_two_resets_at_once_with_one_link_one_succeeds) {
    register_and_confirm();
    const auto token = reset_token();
    std::atomic<int> done = 0;
    {
        std::vector<std::jthread> both;
        for (int i = 0; i < 2; ++i)
            both.emplace_back([&] {
                auto browser = new_browser();
                const Object body{{"token", token}, {"new_password", other_password}};
                done += browser.post("/api/v1/user/reset-password", body).status == 200;
            });
    }
    EXPECT_EQ(done, 1);
}

TEST_P(PasswordsApiTest, a_token_for_another_purpose_resets_nothing) {
    post("/registration", registration("anna"));
    const auto confirmation_token = mailed_token();
    EXPECT_EQ(reset(confirmation_token).status, 404);
    const auto token = reset_token();
    EXPECT_EQ(client_.post(confirmation(token)).status, 404);
    EXPECT_EQ(reset(token).status, 200);
    EXPECT_EQ(log_in(std::string{other_password}).status, 403) << "a reset confirms no address";
}

TEST_P(PasswordsApiTest, the_mailed_link_leads_to_a_page_with_a_form_that_works_without_scripts) {
    register_and_confirm();
    const auto token = reset_token();
    const auto form = client_.get("/reset-password?token=" + token);
    EXPECT_EQ(form.status, 200);
    EXPECT_THAT(form.body, HasSubstr("value=\"" + token + "\""));
    EXPECT_EQ(form.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(log_in().status, 200) << "looking changes nothing";

    const web::Headers browser{{"Accept", "text/html"}};
    const auto address = "/reset-password?token=" + token;
    EXPECT_THAT(form.body, HasSubstr("action=\"" + address + "\""));
    const auto short_one =
        client_.post(address, {.form = "token=" + token + "&new_password=short", .headers = browser});
    EXPECT_EQ(short_one.status, 422);
    EXPECT_THAT(short_one.body, HasSubstr("Не короче 8 символов."));
    EXPECT_THAT(short_one.body, HasSubstr("<a href=\"" + address + "\">")) << "back to the form";
    EXPECT_EQ(short_one.header("Referrer-Policy"), "no-referrer");
    const auto body = "token=" + token + "&new_password=battery+staple";
    const auto done = client_.post("/reset-password", {.form = body, .headers = browser});
    EXPECT_EQ(done.status, 200);
    EXPECT_THAT(done.body, HasSubstr("Пароль изменён."));
    const auto again = client_.post("/reset-password", {.form = body, .headers = browser});
    EXPECT_EQ(again.status, 404);
    EXPECT_THAT(again.body, HasSubstr("Не получилось"));
    EXPECT_EQ(log_in(std::string{other_password}).status, 200);
}

TEST_P(PasswordsApiTest, markup_in_a_token_comes_back_as_text) {
    const auto page = client_.get("/reset-password?token=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");
    EXPECT_THAT(page.body, Not(HasSubstr("<script>")));
    EXPECT_THAT(page.body, HasSubstr("&lt;script&gt;"));
}

TEST_P(PasswordsApiTest, a_changed_password_ends_the_other_sessions_and_mails) {
    auto here = customer("anna");
    auto elsewhere = sign_in("anna");
    const auto reply = change(here, password, other_password);
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(here.profile_status(), 200);
    EXPECT_EQ(here.refresh().status, 200);
    EXPECT_EQ(elsewhere.profile_status(), 401);
    EXPECT_EQ(elsewhere.refresh().status, 401);
    EXPECT_EQ(log_in().status, 401);
    EXPECT_EQ(log_in(std::string{other_password}).status, 200);
    const auto told = mails();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(text(told[0], "email_to"), "anna@example.com");
    EXPECT_EQ(text(told[0], "template_name"), "password_changed.html");
    EXPECT_EQ(outbox().size(), 0U);
}

TEST_P(PasswordsApiTest, the_old_password_must_be_right_and_the_new_one_new) {
    auto anna = customer("anna");
    EXPECT_EQ(change(anna, "wrong horse", other_password).status, 400);
    EXPECT_EQ(change(anna, password, password).status, 400);
    EXPECT_EQ(change(anna, password, "short").status, 422);
    EXPECT_TRUE(outbox().empty());
    EXPECT_EQ(log_in().status, 200);
    auto nobody = new_browser();
    EXPECT_EQ(change(nobody, password, other_password).status, 401);
    anna.cookies.erase("csrf_token");
    EXPECT_EQ(change(anna, password, other_password).status, 403);
}

TEST_P(PasswordsApiTest, a_changed_password_voids_the_links_that_were_mailed_before) {
    auto anna = customer("anna");
    const auto token = reset_token();
    anna.post("/api/v1/user/change-email", Object{{"email", "eve@example.com"}});
    const auto change_token = mailed_token();
    ASSERT_EQ(change(anna, password, other_password).status, 200);
    EXPECT_EQ(reset(token).status, 404);
    EXPECT_EQ(client_.post("/api/v1/user/confirm-email-change?token=" + change_token).status, 404);
}

TEST_P(PasswordsApiTest, a_password_of_any_characters_is_kept_as_it_is) {
    auto anna = customer("anna");
    const std::string word = "  '; DROP TABLE users; -- {{ 7*7 }} \u00e9\U0001F375 ";
    ASSERT_EQ(change(anna, password, word).status, 200);
    EXPECT_EQ(log_in(word).status, 200);
    EXPECT_EQ(log_in(word.substr(1)).status, 401);
}

}  // namespace
}  // namespace localtea::api
