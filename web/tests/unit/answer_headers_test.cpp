// What every answer carries: request id, security headers, CORS; and what is told about it: log and observer.
#include <gtest/gtest.h>
#include <boost/describe.hpp>

#include <samovar/log.hpp>
#include <samovar/testing/manual_clock.hpp>

#include <web/testing/client.hpp>
#include <web/web.hpp>

namespace {

using namespace std::chrono_literals;
using web::testing::Client;

struct Id {
    int id = 0;
};
BOOST_DESCRIBE_STRUCT(Id, (), (id))

void add_routes(web::Api& api) {
    api.get("/items/{id}", [](web::Path<Id> path) { return *path; });
    api.get("/address", [](web::RequestPtr request) { return request->client.str(); });
    api.get("/id", [](web::RequestPtr request) { return request->id; });
    api.get("/page",
            [] { return web::html::page({.title = "<t>", .body = "<p>ok</p>", .style = "p { color: red }"}); });
    api.get("/fails", []() -> int { throw std::runtime_error("x"); });
}

TEST(RequestId, is_taken_from_the_client_when_it_is_well_formed) {
    web::Api api{{.access_log = false}};
    add_routes(api);
    Client client{api};
    const std::string longest(64, 'a');
    for (const std::string& id : {std::string{"abc-DEF_1.2"}, longest}) {
        const auto reply = client.get("/id", {.headers = {{"X-Request-ID", id}}});
        EXPECT_EQ(reply.header("X-Request-ID"), id);
        EXPECT_EQ(reply.body, "\"" + id + "\"");
    }
}

TEST(RequestId, is_made_otherwise_and_never_twice) {
    web::Api api{{.access_log = false}};
    add_routes(api);
    Client client{api};
    for (const std::string& id :
         {std::string{""}, std::string{"a b"}, std::string(65, 'a'), std::string{"\xd1\x87"}}) {
        const std::string made = client.get("/id", {.headers = {{"X-Request-ID", id}}}).header("X-Request-ID");
        EXPECT_EQ(made.size(), 32U) << id;
        EXPECT_NE(made, client.get("/id").header("X-Request-ID"));
    }
}

TEST(RequestId, comes_with_every_kind_of_answer) {
    web::Api api{{.access_log = false}};
    add_routes(api);
    Client client{api};
    for (const char* target : {"/id", "/nothing", "/items/x", "/fails", "/a/../b"}) {
        const auto reply = client.get(target, {.headers = {{"X-Request-ID", "same"}}});
        EXPECT_EQ(reply.header("X-Request-ID"), "same") << target << " " << reply.status;
        EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff") << target;
    }
}

TEST(SecurityHeaders, are_strict_and_leave_a_handlers_own_alone) {
    web::Api api{{.access_log = false}};
    add_routes(api);
    Client client{api};
    const auto json = client.get("/items/1");
    EXPECT_EQ(json.header("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
    EXPECT_EQ(json.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(json.header("Strict-Transport-Security"), "");
    const auto page = client.get("/page");
    EXPECT_NE(page.header("Content-Security-Policy").find("style-src 'sha256-"), std::string::npos);
    EXPECT_EQ(page.headers.all("Content-Security-Policy").size(), 1U);
}

TEST(SecurityHeaders, promise_https_only_to_https_clients_of_a_trusted_proxy) {
    web::Api api{{.trusted_proxies = samovar::net::Networks{{"10.0.0.0/8"}}, .access_log = false}};
    add_routes(api);
    Client client{api};
    const web::Headers https{{"X-Forwarded-Proto", "https"}};
    EXPECT_EQ(client.get("/id", {.headers = https, .peer = "10.0.0.1"}).header("Strict-Transport-Security"),
              "max-age=31536000");
    EXPECT_EQ(client.get("/id", {.headers = https, .peer = "192.0.2.1"}).header("Strict-Transport-Security"), "");
}

TEST(ClientAddress, is_computed_before_hooks_and_handlers_see_the_request) {
    web::Api api{{.trusted_proxies = samovar::net::Networks{{"10.0.0.0/8"}}, .access_log = false}};
    add_routes(api);
    Client client{api};
    const web::Headers forwarded{{"X-Forwarded-For", "8.8.8.8, 192.0.2.1"}, {"X-Forwarded-For", "10.0.0.2"}};
    EXPECT_EQ(client.get("/address", {.headers = forwarded, .peer = "10.0.0.1"}).body, "\"192.0.2.1\"");
    EXPECT_EQ(client.get("/address", {.headers = forwarded, .peer = "203.0.113.1"}).body, "\"203.0.113.1\"");
}

class CorsTest : public testing::Test {
protected:
    CorsTest() { add_routes(api); }
    web::Api api{
        {.cors = {.allowed_origins = {"https://shop.example", "http://localhost:3000"}}, .access_log = false}};
    Client client{api};
};

TEST_F(CorsTest, answers_preflights_of_allowed_origins) {
    const auto reply = client.request(
        "OPTIONS", "/items/1",
        {.headers = {{"Origin", "https://shop.example"}, {"Access-Control-Request-Method", "PATCH"}}});
    EXPECT_EQ(reply.status, 204);
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "https://shop.example");
    EXPECT_EQ(reply.header("Access-Control-Allow-Credentials"), "true");
    EXPECT_EQ(reply.header("Access-Control-Allow-Methods"), "GET, POST, PUT, PATCH, DELETE");
    EXPECT_NE(reply.header("Access-Control-Allow-Headers").find("X-CSRF-Token"), std::string::npos);
    EXPECT_EQ(reply.header("Access-Control-Max-Age"), "600");
    EXPECT_EQ(reply.header("Vary"), "Origin");
}

TEST_F(CorsTest, refuses_preflights_of_others) {
    for (const char* origin :
         {"https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null"}) {
        const auto reply = client.request(
            "OPTIONS", "/items/1", {.headers = {{"Origin", origin}, {"Access-Control-Request-Method", "GET"}}});
        EXPECT_EQ(reply.status, 400) << origin;
        EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "") << origin;
    }
}

TEST_F(CorsTest, lets_allowed_origins_read_answers_and_errors) {
    for (const char* target : {"/items/1", "/items/x", "/nothing", "/fails"}) {
        const auto allowed = client.get(target, {.headers = {{"Origin", "http://localhost:3000"}}});
        EXPECT_EQ(allowed.header("Access-Control-Allow-Origin"), "http://localhost:3000") << target;
        EXPECT_NE(allowed.header("Access-Control-Expose-Headers").find("X-Request-ID"), std::string::npos);
        const auto other = client.get(target, {.headers = {{"Origin", "https://evil.example"}}});
        EXPECT_EQ(other.header("Access-Control-Allow-Origin"), "") << target;
        EXPECT_EQ(other.header("Vary"), "Origin");
    }
}

TEST_F(CorsTest, says_nothing_without_a_policy) {
    web::Api closed{{.access_log = false}};
    add_routes(closed);
    Client outside{closed};
    const auto reply = outside.get("/items/1", {.headers = {{"Origin", "https://shop.example"}}});
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "");
    EXPECT_EQ(reply.header("Vary"), "");
}

TEST(CorsPolicy, must_make_sense) {
    EXPECT_THROW((web::Api{{.cors = {.allowed_origins = {"*"}}}}), std::invalid_argument);
    EXPECT_THROW((web::Api{{.cors = {.allowed_origins = {"https://shop.example/"}}}}), std::invalid_argument);
    EXPECT_THROW((web::Api{{.cors = {.allowed_origins = {"shop.example"}}}}), std::invalid_argument);
    EXPECT_NO_THROW((web::Api{{.cors = {.allowed_origins = {"*"}, .allow_credentials = false}}}));
}

struct Recorder : web::Observer {
    void request_started() override { ++started; }
    void request_finished(const web::Observation& seen) override {
        text += std::string{web::method_name(seen.method)} + " " + std::string{seen.route} + " " +
                std::to_string(seen.status) + " " + std::to_string(seen.duration / 1ms) + "\n";
    }
    int started = 0;
    std::string text;
};

TEST(Observer, is_told_template_status_and_duration) {
    samovar::testing::ManualClock clock;
    Recorder recorder;
    web::Api api{{.access_log = false}, clock};
    api.observe(recorder);
    add_routes(api);
    api.get("/slow", [&clock] { clock.advance(25ms); });
    Client client{api};
    client.get("/items/7?secret=1");
    client.get("/items/x");
    client.get("/nowhere/7");
    client.request("PROPFIND", "/items/7");
    client.get("/a/../b");
    client.get("/slow");
    EXPECT_EQ(recorder.text,
              "GET /items/{id} 200 0\nGET /items/{id} 422 0\nGET unmatched 404 0\nOTHER unmatched 405 0\n"
              "GET unmatched 400 0\nGET /slow 200 25\n");
    EXPECT_EQ(recorder.started, 6);
}

TEST(AccessLog, is_one_line_that_identifies_nobody) {
    samovar::testing::ManualClock clock;
    web::Api api{{}, clock};
    add_routes(api);
    std::vector<std::string> lines;
    const samovar::log::ScopedSink sink{[&](const samovar::log::Record& record) {
        lines.push_back(samovar::log::format_line(record, samovar::log::Format::text));
    }};
    Client client{api};
    client.get(
        "/items/77?token=t0ps3cret",
        {.headers = {{"X-Request-ID", "rid"}, {"Authorization", "Bearer t0ps3cret"}}, .peer = "203.0.113.7"});
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines[0].find("method=GET route=/items/{id} status=200 ms=0.0 request_id=rid"), std::string::npos)
        << lines[0];
    for (const char* private_text : {"t0ps3cret", "token", "77?", "203.0.113.7"})
        EXPECT_EQ(lines[0].find(private_text), std::string::npos) << lines[0];
}

}  // namespace
