// What an Api answers around its handlers: routes, methods, errors, hooks, dependencies.
#include <gtest/gtest.h>
#include <boost/describe.hpp>

#include <samovar/log.hpp>

#include <web/testing/client.hpp>
#include <web/web.hpp>

namespace {

struct Id {
    int id = 0;
};
BOOST_DESCRIBE_STRUCT(Id, (), (id))

struct Name {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(Name, (), (name))

struct Customer {
    int id = 0;
    std::string role;
};

boost::asio::awaitable<Name> greet(web::Path<Name> path) { co_return *path; }

class ApiTest : public testing::Test {
protected:
    web::Api api{{.access_log = false}};
    web::testing::Client client{api};
};

TEST_F(ApiTest, answers_404_and_405_in_fastapis_shape) {
    api.get("/items/{id}", [](web::Path<Id> path) { return *path; });
    api.delete_("/items/{id}", [](web::Path<Id>) {}, {.status = 204});
    const auto unknown = client.get("/nothing");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(unknown.body, R"({"detail":"Not Found"})");
    const auto wrong = client.post("/items/1");
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.body, R"({"detail":"Method Not Allowed"})");
    EXPECT_EQ(wrong.header("Allow"), "DELETE, GET, HEAD, OPTIONS");
    EXPECT_EQ(client.request("PROPFIND", "/items/1").status, 405);
    EXPECT_EQ(client.request("PROPFIND", "/nothing").status, 404);
}

TEST_F(ApiTest, answers_head_as_get_without_the_body) {
    api.get("/text", [] { return web::Response::text("hello"); });
    const auto reply = client.request("HEAD", "/text");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Length"), "5");
    EXPECT_EQ(reply.body, "");
}

TEST_F(ApiTest, answers_options_with_what_is_allowed) {
    api.get("/text", [] { return web::Response::text("hello"); });
    const auto reply = client.request("OPTIONS", "/text");
    EXPECT_EQ(reply.status, 204);
    EXPECT_EQ(reply.header("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(client.request("OPTIONS", "*").status, 204);
    EXPECT_EQ(client.request("OPTIONS", "/nothing").status, 404);
}

TEST_F(ApiTest, answers_a_known_path_with_a_slash_behind_it_as_without) {
    std::vector<std::string> seen;
    api.before([&](web::RequestPtr request) -> boost::asio::awaitable<std::optional<web::Response>> {
        seen.push_back(request->path);
        co_return std::nullopt;
    });
    api.get("/", [] { return 0; });
    api.get("/cart", [] { return 1; });
    api.get("/names/{name}", &greet);
    EXPECT_EQ(client.get("/cart/?a=1").body, "1");
    EXPECT_EQ(client.get("/cart//").body, "1") << "as in FastAPI";
    EXPECT_EQ(client.get("/names/%3f%23/").body, R"({"name":"?#"})");
    EXPECT_EQ(client.get("/").body, "0");
    EXPECT_EQ(seen, (std::vector<std::string>{"/cart", "/cart", "/names/?#", "/"}));
    const auto wrong = client.post("/cart/");
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.header("Allow"), "GET, HEAD, OPTIONS");
    for (const char* path : {"//cart/", "/nothing/", "//evil.example/", "//", "/names//"})
        EXPECT_EQ(client.get(path).status, 404) << path;
    EXPECT_EQ(api.openapi().find("paths")->if_object()->size(), 3U);
}

TEST_F(ApiTest, refuses_a_body_in_a_coding_that_it_does_not_read) {
    api.post("/names", [](web::Body<Name> body) { return *body; });
    api.post("/raw", [](web::RequestPtr request) { return request->body; });
    const auto post = [&](const char* path, const char* coding) {
        return client.post(path,
                           {.json = samovar::Object{{"name", "n"}}, .headers = {{"Content-Encoding", coding}}});
    };
    for (const char* coding : {"gzip", "br", "deflate", "zstd", "x-unknown", "identity, gzip", "GZIP"}) {
        for (const char* path : {"/names", "/raw"}) {
            const auto reply = post(path, coding);
            EXPECT_EQ(reply.status, 415) << coding;
            EXPECT_EQ(reply.body, R"({"detail":"Content-Encoding must be identity"})");
            EXPECT_EQ(reply.header("Accept-Encoding"), "identity");
        }
    }
    for (const char* coding : {"identity", "Identity", ""})
        EXPECT_EQ(post("/names", coding).status, 200) << coding;
    EXPECT_EQ(client.post("/raw", {.headers = {{"Content-Encoding", "gzip"}}}).status, 200) << "there is no body";
    EXPECT_EQ(post("/nothing", "gzip").status, 404);
}

class Greeter {
public:
    explicit Greeter(std::string word) : word_(std::move(word)) {}
    samovar::Value now(web::Path<Name> path) const { return word_ + " " + path->name; }
    boost::asio::awaitable<Name> later(web::Path<Name> path) const { co_return Name{word_ + ", " + path->name}; }
    void nothing() const {}

private:
    std::string word_;
};

TEST_F(ApiTest, calls_member_functions_of_an_object_that_it_keeps) {
    const std::weak_ptr<const Greeter> watched = [this] {
        const auto greeter = std::make_shared<const Greeter>("Hello");
        api.get("/now/{name}", greeter, &Greeter::now);
        api.post("/later/{name}", greeter, &Greeter::later, {.status = 201});
        api.group("/group").delete_("/nothing", greeter, &Greeter::nothing, {.status = 204});
        return greeter;
    }();
    EXPECT_FALSE(watched.expired());
    EXPECT_EQ(client.get("/now/Anna").body, R"("Hello Anna")");
    const auto later = client.post("/later/Anna");
    EXPECT_EQ(later.status, 201);
    EXPECT_EQ(later.body, R"({"name":"Hello, Anna"})");
    EXPECT_EQ(client.delete_("/group/nothing").status, 204);
}

TEST_F(ApiTest, hands_the_decoded_path_to_the_handler) {
    api.get("/names/{name}", &greet);
    EXPECT_EQ(client.get("/names/%D1%87%D0%B0%D0%B9%20%2541").body, "{\"name\":\"чай %41\"}");
    for (const char* target :
         {"/names/..", "/names/%2e%2e", "/names/a%2fb", "/names/a%00", "/names/%", "/names/a%5c.."})
        EXPECT_EQ(client.get(target).status, 400) << target;
}

TEST_F(ApiTest, turns_results_into_json) {
    api.get("/struct", [] { return Id{7}; });
    api.get("/list", []() -> boost::asio::awaitable<std::vector<Id>> { co_return std::vector{Id{1}, Id{2}}; });
    api.get("/value", [] { return samovar::Value{samovar::Object{{"a", nullptr}}}; });
    api.get("/string", [] { return std::string{"чай"}; });
    api.get("/nothing", [] {}, {.status = 204});
    api.post("/created", [] { return Id{1}; }, {.status = 201});
    EXPECT_EQ(client.get("/struct").body, R"({"id":7})");
    EXPECT_EQ(client.get("/list").body, R"([{"id":1},{"id":2}])");
    EXPECT_EQ(client.get("/value").body, R"({"a":null})");
    EXPECT_EQ(client.get("/string").body, "\"чай\"");
    EXPECT_EQ(client.get("/struct").header("Content-Type"), "application/json");
    const auto nothing = client.get("/nothing");
    EXPECT_EQ(nothing.status, 204);
    EXPECT_EQ(nothing.header("Content-Length"), "");
    EXPECT_EQ(client.post("/created").status, 201);
}

TEST_F(ApiTest, answers_what_handlers_throw) {
    api.get("/http", []() -> Id { throw web::HttpError(401, "Кто вы?", {{"WWW-Authenticate", "Bearer"}}); });
    api.get("/invalid", []() -> Id { throw web::ValidationError({"body", "coupon"}, "unknown"); });
    const auto http = client.get("/http");
    EXPECT_EQ(http.status, 401);
    EXPECT_EQ(http.body, R"({"detail":"Кто вы?"})");
    EXPECT_EQ(http.header("WWW-Authenticate"), "Bearer");
    const auto invalid = client.get("/invalid");
    EXPECT_EQ(invalid.status, 422);
    EXPECT_EQ(
        invalid.body,
        R"({"detail":[{"type":"value_error","loc":["body","coupon"],"msg":"Value error, unknown","input":null,"ctx":{"error":"unknown"}}]})");
}

TEST_F(ApiTest, hides_what_went_wrong_inside_and_logs_it_with_the_request_id) {
    api.get("/fails", []() -> boost::asio::awaitable<Id> {
        throw std::runtime_error("no such table, asked by anna@example.com today");
        co_return Id{};
    });
    api.get("/odd", []() -> Id { throw 5; });
    std::vector<std::string> lines;
    const samovar::log::ScopedSink sink{[&](const samovar::log::Record& record) {
        lines.push_back(samovar::log::format_line(record, samovar::log::Format::text));
    }};
    const auto reply = client.get("/fails?token=abc", {.headers = {{"X-Request-ID", "my-id"}}});
    EXPECT_EQ(reply.status, 500);
    EXPECT_EQ(reply.body, R"({"detail":"Internal Server Error"})");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines[0].find("my-id"), std::string::npos) << lines[0];
    EXPECT_NE(lines[0].find("no such table, asked by [redacted] today"), std::string::npos) << lines[0];
    EXPECT_EQ(lines[0].find("token"), std::string::npos) << lines[0];
    EXPECT_EQ(client.get("/odd").status, 500);
}

TEST_F(ApiTest, goes_on_after_a_failure) {
    api.get("/odd", []() -> Id { throw 5; });
    api.get("/fine", [] { return 1; });
    EXPECT_EQ(client.get("/odd").status, 500);
    EXPECT_EQ(client.get("/fine").status, 200);
}

TEST_F(ApiTest, runs_hooks_outside_in_and_lets_each_answer) {
    std::vector<std::string> order;
    const auto hook = [&order](std::string name) -> web::Hook {
        return [&order, name](web::RequestPtr) -> boost::asio::awaitable<std::optional<web::Response>> {
            order.push_back(name);
            co_return std::nullopt;
        };
    };
    api.before(hook("api"));
    auto group = api.group("/g", {.before = {hook("group")}});
    group.get("/a", [&order] { order.push_back("handler"); }, {.status = 204, .before = {hook("endpoint")}});
    api.get("/closed", [&order] { order.push_back("never"); },
            {.before = {[](web::RequestPtr request) -> boost::asio::awaitable<std::optional<web::Response>> {
                 request->response_headers.add("X-RateLimit-Remaining", "0");
                 co_return web::Response::error(429, "Too many");
             }}});
    EXPECT_EQ(client.get("/g/a").status, 204);
    EXPECT_EQ(order, (std::vector<std::string>{"api", "group", "endpoint", "handler"}));
    const auto closed = client.get("/closed");
    EXPECT_EQ(closed.status, 429);
    EXPECT_EQ(closed.header("X-RateLimit-Remaining"), "0");
    EXPECT_EQ(order.back(), "api");
}

TEST_F(ApiTest, answers_what_hooks_throw_before_it_validates) {
    api.post("/a", [](web::Body<Id>) {},
             {.before = {[](web::RequestPtr) -> boost::asio::awaitable<std::optional<web::Response>> {
                  throw web::HttpError(403, "no");
                  co_return std::nullopt;
              }}});
    EXPECT_EQ(client.post("/a").status, 403);
}

TEST_F(ApiTest, after_hooks_see_every_answer_and_may_add_headers) {
    api.after([](const web::Request& request, web::Response& response) {
        response.headers.set("X-Seen", std::string{request.route} + (request.route.empty() ? "" : " ") +
                                           std::to_string(response.status));
    });
    api.get("/items/{id}", [](web::Path<Id> path) { return *path; });
    EXPECT_EQ(client.get("/items/1").header("X-Seen"), "/items/{id} 200");
    EXPECT_EQ(client.get("/items/x").header("X-Seen"), "/items/{id} 422");
    EXPECT_EQ(client.get("/other").header("X-Seen"), "404");
}

TEST_F(ApiTest, an_after_hook_that_fails_is_a_500_and_not_the_end) {
    api.after([](const web::Request&, web::Response&) { throw std::runtime_error("oops"); });
    api.get("/a", [] { return 1; });
    const auto reply = client.get("/a");
    EXPECT_EQ(reply.status, 500);
    EXPECT_NE(reply.header("X-Request-ID"), "");
}

TEST_F(ApiTest, resolves_dependencies_before_it_validates) {
    api.provide([](web::RequestPtr request) -> boost::asio::awaitable<Customer> {
        if (!request->headers.find("Authorization")) throw web::HttpError(401, "Not authenticated");
        co_return Customer{42, "buyer"};
    });
    api.provide([](web::RequestPtr request) { return request->headers.size(); });
    api.post("/orders", [](web::Depends<Customer> customer, web::Body<Name> body,
                           web::Depends<std::size_t> headers) {
        return samovar::Value{samovar::Object{{"id", customer->id}, {"name", body->name}, {"headers", *headers}}};
    });
    EXPECT_EQ(client.post("/orders", {.json = samovar::Object{}}).status, 401);
    EXPECT_EQ(client.post("/orders", {.json = samovar::Object{}, .headers = {{"Authorization", "x"}}}).status,
              422);
    EXPECT_EQ(
        client.post("/orders", {.json = samovar::Object{{"name", "n"}}, .headers = {{"Authorization", "x"}}}).body,
        R"({"id":42,"name":"n","headers":4})");
}

TEST_F(ApiTest, a_handler_may_use_the_request_and_set_cookies) {
    api.post("/login", [](web::RequestPtr request) {
        web::set_cookie(request->response_headers, {.name = "refresh_token", .value = "abc"});
        return samovar::Value{request->route};
    });
    api.get("/whoami", [](web::RequestPtr request) {
        return samovar::Value{web::read_cookie(request->headers, "refresh_token").value_or("nobody")};
    });
    EXPECT_EQ(client.get("/whoami").body, "\"nobody\"");
    EXPECT_EQ(client.post("/login").header("Set-Cookie"),
              "refresh_token=abc; Path=/; SameSite=Lax; HttpOnly; Secure");
    EXPECT_EQ(client.cookie("refresh_token"), "abc");
    EXPECT_EQ(client.get("/whoami").body, "\"abc\"");
}

TEST_F(ApiTest, refuses_endpoints_that_cannot_work) {
    api.get("/a", [] { return 1; });
    EXPECT_THROW(api.get("/a", [] { return 2; }), std::logic_error);
    EXPECT_THROW(api.get("/b/{other}", [](web::Path<Id>) {}), std::logic_error);
    EXPECT_THROW(api.get("/b/{id}/{other}", [](web::Path<Id>) {}), std::logic_error);
    EXPECT_THROW(api.get("/c", [](web::Depends<Customer>) {}), std::logic_error);
    EXPECT_THROW(api.post("/d", [](web::Body<Id>, web::Form<Name>) {}), std::logic_error);
    EXPECT_THROW(api.get("/e", [](web::Query<std::vector<int>>) {}), std::logic_error);
    api.provide([](web::RequestPtr) { return Customer{}; });
    EXPECT_THROW(api.provide([](web::RequestPtr) { return Customer{}; }), std::logic_error);
}

}  // namespace
