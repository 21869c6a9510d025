// The OpenAPI document of a small shop, compared with one that was checked by openapi-spec-validator.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <boost/describe.hpp>

#include <samovar/json.hpp>

#include <web/testing/client.hpp>
#include <web/web.hpp>

namespace shop {

using samovar::Value;

enum class Status { awaiting_payment, paid };
BOOST_DESCRIBE_ENUM(Status, awaiting_payment, paid)

struct Category {
    int id = 0;
    std::string name;
    std::vector<Category> children;
};
BOOST_DESCRIBE_STRUCT(Category, (), (id, name, children))

struct Registration {
    std::string email, password;
    std::optional<std::string> birthdate, phone_number;
    int quantity = 1;
    std::vector<std::string> interests;
};
BOOST_DESCRIBE_STRUCT(Registration, (), (email, password, birthdate, phone_number, quantity, interests))
SAMOVAR_DEFAULTS(Registration, quantity)

struct User {
    std::int64_t id = 0;
    std::string email;
    bool is_active = true;
    std::optional<double> rating;
    std::map<std::string, std::uint16_t> counters;
    std::string created_at;
};
BOOST_DESCRIBE_STRUCT(User, (), (id, email, is_active, rating, counters, created_at))

struct Order {
    std::int64_t id = 0;
    Status status = Status::paid;
    std::optional<User> customer;
    Value extra;
};
BOOST_DESCRIBE_STRUCT(Order, (), (id, status, customer, extra))

struct OrderId {
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(OrderId, (), (id))

struct Filter {
    int page = 1;
    std::optional<Status> status;
};
BOOST_DESCRIBE_STRUCT(Filter, (), (page, status))
SAMOVAR_DEFAULTS(Filter, page)

struct Login {
    std::string username, password;
};
BOOST_DESCRIBE_STRUCT(Login, (), (username, password))

struct Guest {
    std::optional<std::string> x_session_id;
};
BOOST_DESCRIBE_STRUCT(Guest, (), (x_session_id))

struct Customer {};

}  // namespace shop

namespace archive {

struct Order {
    int year = 0;
};
BOOST_DESCRIBE_STRUCT(Order, (), (year))

}  // namespace archive

template <>
struct web::Constraints<shop::Registration> {
    using R = shop::Registration;
    static constexpr auto list = std::tuple{
        web::field(&R::email).email().max_length(254).example("anna@example.com"),
        web::field(&R::password).min_length(8).max_length(128).secret().description("Not kept as it is"),
        web::field(&R::birthdate).date(),
        web::field(&R::phone_number).pattern("^\\+?[0-9]{10,20}$"),
        web::field(&R::quantity).ge(1).lt(100).example("3"),
        web::field(&R::interests).min_length(1).max_length(5)};
};
template <>
struct web::Constraints<shop::User> {
    static constexpr auto list = std::tuple{web::field(&shop::User::created_at).date_time()};
};
template <>
struct web::Constraints<shop::Filter> {
    static constexpr auto list = std::tuple{web::field(&shop::Filter::page).ge(1).description("From 1")};
};

namespace {

void add_routes(web::Api& api) {
    using namespace shop;
    api.security_scheme("bearer", web::SecurityScheme::oauth2_password("/user/login/access-token"));
    api.security_scheme("csrf", web::SecurityScheme::header("X-CSRF-Token"));
    api.provide([](web::RequestPtr) { return Customer{}; }, {"bearer"});
    auto user = api.group("/user", {.tags = {"user"}});
    user.post("/registration", [](web::Body<Registration>) { return User{}; },
              {.summary = "Registration", .description = "Sends a mail.", .errors = {{400, "Address taken"}}});
    user.post("/login/access-token", [](web::Form<Login>) {}, {.status = 204, .operation_id = "login"});
    auto orders = api.group("/orders", {.tags = {"orders"}, .errors = {{401, "Not signed in"}}});
    orders.get("", [](web::Depends<Customer>, web::Query<Filter>) { return std::vector<Order>{}; });
    orders.get("/{id}", [](web::Path<OrderId>, web::Depends<Customer>) { return Order{}; },
               {.errors = {{404, "Unknown"}}});
    orders.post("/{id}/cancel",
                [](web::Path<OrderId>, web::Header<Guest>, web::Body<std::optional<Filter>>) { return Order{}; },
                {.security = {"bearer", "csrf"}, .deprecated = true});
    api.get("/archive", [] { return archive::Order{}; });
    api.get("/categories", [] { return std::vector<Category>{}; });
    api.get("/page", [] { return web::Response::html(""); }, {.produces = "text/html"});
    api.get("/hidden", [] { return 1; }, {.in_schema = false});
}

std::string golden() {
    std::ifstream file{WEB_TESTS_DIR "/unit/openapi_golden.json"};
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(OpenApi, documents_the_endpoints_by_the_types_that_validate) {
    web::Api api{{.title = "Shop", .version = "1.2", .description = "A tea shop", .access_log = false}};
    add_routes(api);
    web::testing::Client client{api};
    const auto reply = client.get("/openapi.json");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Type"), "application/json");
    EXPECT_EQ(reply.json(), samovar::json::parse(golden())) << samovar::json::dump_compact(api.openapi());
}

TEST(OpenApi, names_operations_apart) {
    web::Api api;
    api.get("/a/{b}", [] { return 1; });
    api.get("/a/b", [] { return 1; });
    const samovar::Value document = api.openapi();
    const auto id = [&](std::string_view path) {
        return *document.find("paths")->find(path)->find("get")->find("operationId")->if_string();
    };
    EXPECT_EQ(id("/a/{b}"), "get_a_b");
    EXPECT_EQ(id("/a/b"), "get_a_b_2");
}

TEST(OpenApi, is_served_where_the_options_say_or_nowhere) {
    web::Api moved{{.openapi_path = "/api/v1/openapi.json", .docs_path = "/help", .access_log = false}};
    web::testing::Client client{moved};
    EXPECT_EQ(client.get("/api/v1/openapi.json").status, 200);
    EXPECT_EQ(client.get("/openapi.json").status, 404);
    EXPECT_NE(client.get("/help").body.find("src=\"/help/init.js\""), std::string::npos);
    EXPECT_NE(client.get("/help/init.js").body.find("url: \"/api/v1/openapi.json\""), std::string::npos);
    web::Api none{{.openapi_path = "", .access_log = false}};
    EXPECT_EQ(web::testing::Client{none}.get("/docs").status, 404);
}

TEST(Docs, load_nothing_from_another_host_and_run_nothing_inline) {
    web::Api api{{.title = "</title><script>", .access_log = false}};
    web::testing::Client client{api};
    const auto page = client.get("/docs");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.body.find("//"), std::string::npos) << page.body;
    EXPECT_EQ(page.body.find("<script>"), std::string::npos) << page.body;
    EXPECT_EQ(page.header("Content-Security-Policy"),
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
              "form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
}

TEST(Docs, carry_swagger_ui_with_the_right_types) {
    web::Api api{{.access_log = false}};
    web::testing::Client client{api};
    const auto script = client.get("/docs/swagger-ui-bundle.js");
    EXPECT_EQ(script.status, 200) << "run scripts/fetch_swagger_ui and configure again";
    EXPECT_EQ(script.header("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_GT(script.body.size(), 1'000'000U);
    const auto style = client.get("/docs/swagger-ui.css");
    EXPECT_EQ(style.header("Content-Type"), "text/css; charset=utf-8");
    EXPECT_NE(style.body.find(".swagger-ui"), std::string::npos);
}

}  // namespace
