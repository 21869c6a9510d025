// The account calls as the storefront makes them: the real endpoints over a real database, without a socket.
#include "api/user.hpp"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>
#include <samovar/json.hpp>
#include <web/api.hpp>
#include <web/testing/client.hpp>

#include "db/outbox.hpp"
#include "db/users.hpp"
#include "services/readiness.hpp"
#include "support/database_test.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

using namespace std::chrono_literals;
using samovar::Object;
using samovar::Value;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view secret = "a secret of forty bytes for these tests.";

class UserApiTest : public testing::DatabaseTest {
protected:
    UserApiTest() {
        migrate();
        add_user_endpoints(api_, context);
        // From here on the database's work is done beside the test, as in a server.
        context_.restart();
        loop_ = std::jthread{[this] { context_.run(); }};
    }
    ~UserApiTest() override { work_.reset(); }

    static Value registration() {
        return Object{{"email", "Anna@Example.com"}, {"username", "anna"}, {"password", "correct horse"}};
    }
    web::testing::Reply post(std::string_view path, Value body) {
        return client.post("/api/v1/user" + std::string{path}, {.json = std::move(body)});
    }
    web::testing::Reply log_in(std::string password = "correct horse") {
        return post("/login", Object{{"email", "anna@example.com"}, {"password", std::move(password)}});
    }
    web::testing::Reply profile(const std::string& token) {
        web::Headers headers;
        headers.set("Authorization", "Bearer " + token);
        return client.get("/api/v1/user/get-profile", {.headers = std::move(headers)});
    }
    std::string text(const Value& object, std::string_view name) { return *object.find(name)->if_string(); }

    template <class Body>
    auto in_database(Body body) {
        return asio::co_spawn(context_, database_->transaction(std::move(body)), asio::use_future).get();
    }
    // Takes what waits in the outbox.
    std::vector<db::OutboxMessage> outbox() {
        return in_database([this](db::Session session) {
            return db::claim_outbox(session, "claim" + std::to_string(++claims_), 100, clock_.now());
        });
    }
    // The token in the newest verification mail.
    std::string mailed_token() {
        const auto mails = outbox();
        const auto arguments = samovar::json::parse(mails.back().payload);
        return text(*arguments.find("environment"), "token");
    }
    std::string confirmation(const std::string& token) { return "/api/v1/user/confirm-email?token=" + token; }
    void register_and_confirm() {
        post("/registration", registration());
        ASSERT_EQ(client.post(confirmation(mailed_token())).status, 200);
    }

    asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
    services::PasswordHasher hasher{{.threads = 1}};
    services::AccessTokens tokens{std::string{secret}, 30min, clock_};
    int nudges = 0;
    services::Accounts accounts{
        {"LocalTea", "http://shop.test"}, *database_, hasher, tokens, clock_, [this] { ++nudges; }};
    samovar::App app{"test", {.broker_url = "memory://"}};
    services::Readiness readiness{*database_, app};
    services::LoadMeter load{*database_, hasher, clock_};
    metrics::Metrics metrics;
    samovar::limits::Limiter limiter{context_.get_executor(), {.store_url = "memory://"}};
    RateLimits limits{{.enabled = false}, limiter, metrics, clock_};
    Context context{.accounts = accounts,
                    .readiness = readiness,
                    .load = load,
                    .metrics = metrics,
                    .limits = limits,
                    .api_base_url = "http://shop.test",
                    .may_see_details = [](const web::IpAddress&) { return true; },
                    .mail_folder = {}};
    web::Api api_{{.access_log = false}, clock_};
    web::testing::Client client{api_};
    int claims_ = 0;
    std::jthread loop_;
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
    const auto arguments = samovar::json::parse(mails[0].payload);
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
    const auto reply = client.get(confirmation(token));
    EXPECT_EQ(reply.status, 303);
    EXPECT_EQ(reply.header("Location"), "http://shop.test/confirm-email?token=" + token);
    EXPECT_EQ(reply.header("Cache-Control"), "no-store");
    EXPECT_EQ(reply.header("Referrer-Policy"), "no-referrer");
    const auto page = client.get("/confirm-email?token=" + token);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("method=\"post\""));
    EXPECT_EQ(log_in().status, 403) << "still unconfirmed";
}

TEST_P(UserApiTest, confirms_once_and_again_without_harm) {
    post("/registration", registration());
    const auto token = mailed_token();
    EXPECT_EQ(client.post(confirmation(token)).status, 200);
    EXPECT_EQ(client.post(confirmation(token)).status, 200);
    EXPECT_EQ(log_in().status, 200);
}

TEST_P(UserApiTest, tells_unknown_and_expired_tokens_apart) {
    EXPECT_EQ(client.post(confirmation("unknown")).status, 404);
    post("/registration", registration());
    const auto token = mailed_token();
    clock_.advance(24h);
    EXPECT_EQ(client.post(confirmation(token)).status, 400);
}

TEST_P(UserApiTest, signs_in_only_with_the_right_password_and_a_confirmed_address) {
    post("/registration", registration());
    EXPECT_EQ(log_in("wrong horse").status, 401);
    EXPECT_EQ(log_in().status, 403);
    ASSERT_EQ(client.post(confirmation(mailed_token())).status, 200);
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
    EXPECT_EQ(client.get("/api/v1/user/get-profile").status, 401);
    EXPECT_EQ(client.get("/api/v1/user/get-profile").header("WWW-Authenticate"), "Bearer");
    EXPECT_EQ(profile(token + "x").status, 401);
    clock_.advance(30min);
    EXPECT_EQ(profile(token).status, 401);
}

}  // namespace
}  // namespace localtea::api
