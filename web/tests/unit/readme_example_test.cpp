// The program of web/README.md, and what it answers.
#include "readme_example.hpp"

#include <gtest/gtest.h>

#include <web/testing/client.hpp>

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
