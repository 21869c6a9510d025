// The account calls as the storefront makes them: the real endpoints over a real database, without a socket.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <samovar/json.hpp>

#include "support/account_test.hpp"

namespace localtea::api {
namespace {

using namespace std::chrono_literals;
using samovar::Object;
using ::testing::HasSubstr;
using ::testing::Not;

class UserApiTest : public testing::AccountTest {
protected:
    static samovar::Value registration() {
        return Object{{"email", "Anna@Example.com"}, {"username", "anna"}, {"password", "correct horse"}};
    }
    web::testing::Reply profile(const std::string& token) {
        auto browser = new_browser();
        browser.access_token = token;
        browser.csrf_token = accounts.csrf_tokens.issue();
        return browser.get("/api/v1/user/get-profile");
    }
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, UserApiTest, testing::both_kinds(), testing::kind_name);

TEST_P(UserApiTest, registration_answers_with_the_account_and_leaves_one_mail_in_the_outbox) {
    const auto reply = post("/registration", registration());
    ASSERT_EQ(reply.status, 200) << reply.body;
    const auto user = reply.json();
    EXPECT_EQ(text(user, "email"), "anna@example.com");
    EXPECT_EQ(*user.find("is_email_confirmed")->if_bool(), false);
    EXPECT_THAT(reply.body, Not(HasSubstr("password")));
    EXPECT_EQ(nudges, 1);

    const auto mails = outbox();
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_EQ(mails[0].task, "backend.worker.send_email");
    EXPECT_EQ(mails[0].request_id, reply.header("X-Request-ID"));
    const auto arguments = testing::mail_in(mails[0]);
    EXPECT_EQ(text(arguments, "email_to"), "anna@example.com");
    EXPECT_THAT(text(*arguments.find("environment"), "link"),
                HasSubstr("http://shop.test/api/v1/user/confirm-email"));
}

TEST_P(UserApiTest, a_broken_registration_names_every_field_at_once_and_echoes_no_password) {
    const auto reply =
        post("/registration", Object{{"email", "a@b@c"}, {"password", "s3cr3t"}, {"birthdate", "soon"}});
    ASSERT_EQ(reply.status, 422);
    std::vector<std::string> fields;
    const auto body = reply.json();
    for (const auto& error : *body.find("detail")->if_array())
        fields.push_back(*error.find("loc")->if_array()->at(1).if_string());
    EXPECT_THAT(fields, ::testing::UnorderedElementsAre("email", "username", "password", "birthdate"));
    EXPECT_THAT(reply.body, Not(HasSubstr("s3cr3t")));
    EXPECT_TRUE(outbox().empty());
}

TEST_P(UserApiTest, a_password_has_8_to_128_characters_whatever_their_bytes) {
    for (const auto& [characters, status] :
         {std::pair{7, 422}, std::pair{8, 200}, std::pair{128, 200}, std::pair{129, 422}}) {
        std::string password;
        for (int i = 0; i < characters; ++i) password += "ж";
        auto body = registration();
        body.if_object()->set("email", fmt::format("anna{}@example.com", characters));
        body.if_object()->set("username", fmt::format("anna{}", characters));
        body.if_object()->set("password", password);
        EXPECT_EQ(post("/registration", body).status, status) << characters;
    }
}

TEST_P(UserApiTest, a_password_is_kept_exactly_as_it_is) {
    auto body = registration();
    body.if_object()->set("password", "  spaces\tand tabs ");
    post("/registration", body);
    ASSERT_EQ(client_.post(confirmation(mailed_token())).status, 200);
    EXPECT_EQ(log_in("  spaces\tand tabs ").status, 200);
    EXPECT_EQ(log_in("spaces\tand tabs").status, 401);
}

TEST_P(UserApiTest, header_injection_in_an_address_or_a_name_is_refused) {
    for (const char* address : {"anna@example.com\r\nBcc: all@example.com", "anna@example.com\nX: y",
                                "\"a\r\nb\"@example.com", "anna@example.com, eve@example.com"}) {
        auto body = registration();
        body.if_object()->set("email", address);
        EXPECT_EQ(post("/registration", body).status, 422) << address;
    }
    auto body = registration();
    body.if_object()->set("username", "anna\r\nBcc: eve");
    EXPECT_EQ(post("/registration", body).status, 422);
}

TEST_P(UserApiTest, a_second_account_with_the_same_address_is_told_so) {
    post("/registration", registration());
    auto other = registration();
    other.if_object()->set("username", "other");
    const auto reply = post("/registration", other);
    EXPECT_EQ(reply.status, 400);
    EXPECT_THAT(text(reply.json(), "detail"), HasSubstr("адрес"));
}

TEST_P(UserApiTest, following_the_link_changes_nothing_and_leads_to_the_page_with_the_button) {
    post("/registration", registration());
    const auto token = mailed_token();
    const auto reply = client_.get(confirmation(token));
    EXPECT_EQ(reply.status, 303);
    EXPECT_EQ(reply.header("Location"), "http://shop.test/confirm-email?token=" + token);
    EXPECT_EQ(reply.header("Cache-Control"), "no-store");
    EXPECT_EQ(reply.header("Referrer-Policy"), "no-referrer");
    const auto page = client_.get("/confirm-email?token=" + token);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("method=\"post\""));
    EXPECT_EQ(log_in().status, 403) << "still unconfirmed";
}

TEST_P(UserApiTest, confirms_once_and_again_without_harm) {
    post("/registration", registration());
    const auto token = mailed_token();
    EXPECT_EQ(client_.post(confirmation(token)).status, 200);
    EXPECT_EQ(client_.post(confirmation(token)).status, 200);
    EXPECT_EQ(log_in().status, 200);
}

TEST_P(UserApiTest, tells_unknown_and_expired_tokens_apart) {
    EXPECT_EQ(client_.post(confirmation("unknown")).status, 404);
    post("/registration", registration());
    const auto token = mailed_token();
    clock_.advance(24h);
    EXPECT_EQ(client_.post(confirmation(token)).status, 400);
}

TEST_P(UserApiTest, signs_in_only_with_the_right_password_and_a_confirmed_address) {
    post("/registration", registration());
    EXPECT_EQ(log_in("wrong horse").status, 401);
    EXPECT_EQ(log_in().status, 403);
    ASSERT_EQ(client_.post(confirmation(mailed_token())).status, 200);
    const auto reply = log_in();
    ASSERT_EQ(reply.status, 200);
    EXPECT_EQ(text(reply.json(), "token_type"), "bearer");
    const auto mine = profile(text(reply.json(), "access_token"));
    EXPECT_EQ(mine.status, 200);
    EXPECT_EQ(*mine.json().find("is_email_confirmed")->if_bool(), true);
}

TEST_P(UserApiTest, an_unknown_address_gets_the_answer_of_a_wrong_password) {
    register_and_confirm();
    const auto wrong = log_in("wrong horse");
    const auto unknown = post("/login", Object{{"email", "eve@example.com"}, {"password", "wrong horse"}});
    EXPECT_EQ(unknown.status, wrong.status);
    EXPECT_EQ(unknown.body, wrong.body);
}

TEST_P(UserApiTest, a_profile_needs_a_token_that_is_ours_and_alive) {
    register_and_confirm();
    const auto token = text(log_in().json(), "access_token");
    EXPECT_EQ(client_.get("/api/v1/user/get-profile").status, 401);
    EXPECT_EQ(client_.get("/api/v1/user/get-profile").header("WWW-Authenticate"), "Bearer");
    EXPECT_EQ(profile(token + "x").status, 401);
    clock_.advance(30min);
    EXPECT_EQ(profile(token).status, 401);
}

TEST_P(UserApiTest, the_word_bearer_may_be_in_any_case_and_a_slash_behind_the_path) {
    register_and_confirm();
    const auto token = text(log_in().json(), "access_token");
    for (const char* scheme : {"bearer ", "BEARER ", "Bearer  "}) {
        const web::Headers headers{{"Authorization", scheme + token},
                                   {"X-CSRF-Token", accounts.csrf_tokens.issue()}};
        for (const char* path : {"/api/v1/user/get-profile", "/api/v1/user/get-profile/"})
            EXPECT_EQ(client_.get(path, {.headers = headers}).status, 200) << scheme << path;
    }
}

TEST_P(UserApiTest, a_broken_registration_is_told_in_russian) {
    const auto reply = post("/registration", Object{{"email", "a@b@c"}, {"username", 5}, {"password", "short"}});
    ASSERT_EQ(reply.status, 422);
    EXPECT_THAT(reply.body, HasSubstr(R"("type":"value_error","loc":["body","email"],"msg":"Укажите один адрес)"));
    EXPECT_THAT(reply.body, HasSubstr(R"("type":"string_type","loc":["body","username"],"msg":"Нужна строка")"));
    EXPECT_THAT(reply.body,
                HasSubstr(R"("type":"string_too_short","loc":["body","password"],"msg":"Не короче 8 символов")"));
}

TEST_P(UserApiTest, a_person_is_shown_pages_and_a_program_json) {
    const web::Headers person{{"Accept", "text/html,application/xhtml+xml"}};
    const auto browse = [&](const char* path) { return client_.get(path, {.headers = person}); };
    const std::pair<const char*, int> pages[] = {{"/nothing", 404},
                                                 {"/confirm-email", 422},
                                                 {"/api/v1/user/confirm-email", 422},
                                                 {"/confirm-email-change?token=", 422},
                                                 {"/reset-password", 422},
                                                 {"/docs/nothing", 404}};
    for (const auto& [path, status] : pages) {
        const auto reply = browse(path);
        EXPECT_EQ(reply.status, status) << path;
        EXPECT_EQ(reply.header("Content-Type"), "text/html; charset=utf-8") << path;
        EXPECT_THAT(reply.body, HasSubstr("<a href=\"http://storefront.test\">")) << path;
        EXPECT_EQ(client_.get(path).header("Content-Type"), "application/json") << path;
    }
    EXPECT_EQ(client_.post("/docs", {.headers = person}).header("Content-Type"), "text/html; charset=utf-8");
    const auto unknown = client_.post(confirmation("unknown"), {.headers = person});
    EXPECT_EQ(unknown.status, 404);
    EXPECT_THAT(unknown.body, HasSubstr("Не получилось"));
    for (const char* path : {"/api/v1/nothing", "/api/v1/user/get-profile", "/api/v1/user/registration"})
        EXPECT_EQ(browse(path).header("Content-Type"), "application/json") << path;
}

}  // namespace
}  // namespace localtea::api
