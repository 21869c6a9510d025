// The program of web/README.md, word for word, and what it answers.
#include <gtest/gtest.h>
#include <boost/describe.hpp>

#include <web/testing/client.hpp>
#include <web/web.hpp>

// readme: begin
struct Registration {
    std::string email, password;
    std::optional<std::string> firstname;
};
BOOST_DESCRIBE_STRUCT(Registration, (), (email, password, firstname))

template <>
struct web::Constraints<Registration> {
    static constexpr auto list = std::tuple{
        web::field(&Registration::email).email(),
        web::field(&Registration::password).min_length(8).max_length(128).secret(),
    };
};

struct User {
    int id = 0;
    std::string email;
};
BOOST_DESCRIBE_STRUCT(User, (), (id, email))

boost::asio::awaitable<User> register_user(web::Body<Registration> body) {
    if (body->email == "taken@example.com") throw web::HttpError{400, "This address is taken"};
    co_return User{.id = 1, .email = body->email};
}

void add_routes(web::Api& api) {
    api.post("/user/registration", &register_user,
             {.summary = "Registration", .tags = {"user"}, .errors = {{400, "Address taken"}}});
}
// readme: end

namespace {

TEST(ReadmeExample, answers_a_good_registration_with_the_user) {
    web::Api api;
    add_routes(api);
    web::testing::Client client{api};
    const auto reply =
        client.post("/user/registration",
                    {.json = samovar::Object{{"email", "anna@example.com"}, {"password", "long enough"}}});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, R"({"id":1,"email":"anna@example.com"})");
}

TEST(ReadmeExample, names_every_bad_field_of_a_registration_at_once) {
    web::Api api;
    add_routes(api);
    web::testing::Client client{api};
    const auto reply = client.post("/user/registration", {.json = samovar::Object{{"password", "short"}}});
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(
        reply.body,
        R"({"detail":[{"type":"missing","loc":["body","email"],"msg":"Field required","input":null},)"
        R"({"type":"string_too_short","loc":["body","password"],)"
        R"("msg":"String should have at least 8 characters","input":"**********","ctx":{"min_length":8}}]})");
}

TEST(ReadmeExample, answers_what_the_handler_throws) {
    web::Api api;
    add_routes(api);
    web::testing::Client client{api};
    const auto reply =
        client.post("/user/registration",
                    {.json = samovar::Object{{"email", "taken@example.com"}, {"password", "long enough"}}});
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.body, R"({"detail":"This address is taken"})");
}

}  // namespace
