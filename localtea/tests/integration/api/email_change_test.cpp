// Another e-mail address for an account.
#include <gmock/gmock.h>

#include "support/account_test.hpp"

namespace localtea::api {
namespace {

using namespace std::chrono_literals;
using samovar::Object;
using ::testing::HasSubstr;

class EmailChangeApiTest : public testing::AccountTest {
protected:
    static web::testing::Reply change(testing::Browser& browser, std::string email) {
        return browser.post("/api/v1/user/change-email", Object{{"email", std::move(email)}});
    }
    static std::string confirm_path(const std::string& token) {
        return "/api/v1/user/confirm-email-change?token=" + token;
    }
    int log_in_status(const std::string& email) {
        return post("/login", Object{{"email", email}, {"password", password}}).status;
    }
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, EmailChangeApiTest, testing::both_kinds(), testing::kind_name);

TEST_P(EmailChangeApiTest, the_link_goes_to_the_new_address_and_a_notice_to_the_old_one) {
    auto anna = customer("anna");
    const auto reply = change(anna, "New@Example.com");
    ASSERT_EQ(reply.status, 200) << reply.body;
    auto sent = mails();
    ASSERT_EQ(sent.size(), 2U);
    if (text(sent[0], "email_to") != "new@example.com") std::swap(sent[0], sent[1]);
    EXPECT_EQ(text(sent[0], "email_to"), "new@example.com");
    EXPECT_EQ(text(sent[0], "template_name"), "email_change.html");
    const auto& environment = *sent[0].find("environment");
    EXPECT_EQ(text(environment, "username"), "anna");
    EXPECT_EQ(text(environment, "new_email"), "new@example.com");
    EXPECT_EQ(text(environment, "link"), "http://shop.test" + confirm_path(text(environment, "token")));
    EXPECT_EQ(text(sent[1], "email_to"), "anna@example.com");
    EXPECT_EQ(text(sent[1], "template_name"), "email_change_notice.html");
    EXPECT_EQ(sent[1].find("environment")->find("token"), nullptr) << "the old address gets no link";
    EXPECT_EQ(log_in_status("anna@example.com"), 200) << "nothing has changed yet";
}

TEST_P(EmailChangeApiTest, the_button_on_the_page_behind_the_link_changes_the_address) {
    auto anna = customer("anna");
    change(anna, "new@example.com");
    const auto token = mailed_token();
    const auto lead = client_.get(confirm_path(token));
    EXPECT_EQ(lead.status, 303);
    EXPECT_EQ(lead.header("Location"), "http://shop.test/confirm-email-change?token=" + token);
    const auto page = client_.get("/confirm-email-change?token=" + token);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("action=\"" + confirm_path(token) + "\""));
    EXPECT_EQ(log_in_status("new@example.com"), 401);

    EXPECT_EQ(client_.post(confirm_path(token)).status, 200);
    EXPECT_EQ(log_in_status("new@example.com"), 200);
    EXPECT_EQ(log_in_status("anna@example.com"), 401);
    EXPECT_EQ(text(anna.get("/api/v1/user/get-profile").json(), "email"), "new@example.com");
    EXPECT_EQ(client_.post(confirm_path(token)).status, 200) << "again: harmless";
}

TEST_P(EmailChangeApiTest, the_same_and_taken_addresses_are_refused) {
    auto anna = customer("anna");
    register_and_confirm("boris");
    EXPECT_EQ(change(anna, "ANNA@example.com").status, 400);
    EXPECT_EQ(change(anna, "boris@example.com").status, 400);
    EXPECT_EQ(change(anna, "no address").status, 422);
    EXPECT_EQ(change(anna, "new@example.com\r\nBcc: all@example.com").status, 422);
    EXPECT_TRUE(outbox().empty());
}

TEST_P(EmailChangeApiTest, an_address_that_was_taken_meanwhile_is_refused_at_the_confirmation) {
    auto anna = customer("anna");
    change(anna, "boris@example.com");
    const auto token = mailed_token();
    register_and_confirm("boris");
    const auto reply = client_.post(confirm_path(token));
    EXPECT_EQ(reply.status, 400);
    EXPECT_THAT(reply.body, HasSubstr("уже зарегистрирован"));
    EXPECT_EQ(log_in_status("anna@example.com"), 200);
}

TEST_P(EmailChangeApiTest, unknown_expired_and_replaced_links_are_told_apart) {
    auto anna = customer("anna");
    EXPECT_EQ(client_.post(confirm_path("unknown")).status, 404);
    change(anna, "first@example.com");
    const auto first = mailed_token();
    change(anna, "second@example.com");
    const auto second = mailed_token();
    EXPECT_EQ(client_.post(confirm_path(first)).status, 404);
    clock_.advance(24h);
    EXPECT_EQ(client_.post(confirm_path(second)).status, 400);
}

TEST_P(EmailChangeApiTest, an_old_link_is_not_harmless_once_the_address_has_changed_again) {
    auto anna = customer("anna");
    change(anna, "second@example.com");
    const auto token = mailed_token();
    ASSERT_EQ(client_.post(confirm_path(token)).status, 200);
    in_database([](db::Session session) { return session.exec("UPDATE users SET email = 'third@example.com'"); });
    EXPECT_EQ(client_.post(confirm_path(token)).status, 404);
}

TEST_P(EmailChangeApiTest, a_reset_link_of_the_former_address_is_void) {
    auto anna = customer("anna");
    post("/forgot-password", Object{{"email", "anna@example.com"}});
    const auto reset_token = mailed_token();
    change(anna, "new@example.com");
    ASSERT_EQ(client_.post(confirm_path(mailed_token())).status, 200);
    EXPECT_EQ(post("/reset-password", Object{{"token", reset_token}, {"new_password", "battery staple"}}).status,
              404);
}

}  // namespace
}  // namespace localtea::api
