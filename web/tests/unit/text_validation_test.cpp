// Inputs that arrive as text: coercion and its errors, with their exact JSON.
#include "validation_api.hpp"

namespace {

using namespace validation;

TEST_F(Validation, coerces_query_text_to_the_members_types) {
    EXPECT_EQ(client.get("/page").body, R"({"page":1,"limit":20,"q":null,"ids":[],"in_stock":false})");
    EXPECT_EQ(client.get("/page?page=%202%20&limit=+3&q=a+b&ids=1&ids=2&in_stock=YES&unknown=x").body,
              R"({"page":2,"limit":3,"q":"a b","ids":[1,2],"in_stock":true})");
    EXPECT_EQ(client.get("/page?page=5&page=7").body,
              R"({"page":7,"limit":20,"q":null,"ids":[],"in_stock":false})");
}

TEST_F(Validation, names_query_text_that_spells_nothing) {
    EXPECT_EQ(
        errors(client.get("/page?page=five&limit=101&ids=1&ids=x&in_stock=maybe")),
        R"({"type":"int_parsing","loc":["query","page"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"five"})"
        "\n"
        R"({"type":"less_than_equal","loc":["query","limit"],"msg":"Input should be less than or equal to 100","input":"101","ctx":{"le":100}})"
        "\n"
        R"({"type":"int_parsing","loc":["query","ids",1],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"})"
        "\n"
        R"({"type":"bool_parsing","loc":["query","in_stock"],"msg":"Input should be a valid boolean, unable to interpret input","input":"maybe"})");
    EXPECT_EQ(
        errors(client.get("/page?page=99999999999999999999")),
        R"({"type":"less_than_equal","loc":["query","page"],"msg":"Input should be less than or equal to 2147483647","input":"99999999999999999999","ctx":{"le":2147483647}})");
    for (const char* text :
         {"", "1.5", "1.", ".0", "0x10", "1e3", "--1", "%2B-1", "-%2B1", "_1", "1_", "1__0", "%D9%A1"})
        EXPECT_EQ(client.get(std::string{"/page?page="} + text).status, 422) << text;
    for (const char* text : {"7", "7.00", "%2B7", "07", "%0a7%09", "0_7"})
        EXPECT_EQ(client.get(std::string{"/page?page="} + text).body,
                  R"({"page":7,"limit":20,"q":null,"ids":[],"in_stock":false})")
            << text;
}

TEST_F(Validation, refuses_query_text_that_is_not_utf8_and_answers_in_utf8) {
    EXPECT_EQ(
        errors(client.get("/page?q=%ff")),
        R"({"type":"string_unicode","loc":["query","q"],"msg":"Input should be a valid string, unable to parse raw data as a unicode string","input":"�"})");
}

TEST_F(Validation, reads_headers_by_their_hyphenated_names) {
    EXPECT_EQ(client.get("/session", {.headers = {{"X-SESSION-ID", "abc"}}}).body, R"({"x_session_id":"abc"})");
    EXPECT_EQ(errors(client.get("/session")),
              R"({"type":"missing","loc":["header","x-session-id"],"msg":"Field required","input":null})");
}

TEST_F(Validation, reads_cookies) {
    EXPECT_EQ(client.get("/refresh", {.headers = {{"Cookie", "refresh_token=abcdef"}}}).body,
              R"({"refresh_token":"abcdef"})");
    EXPECT_EQ(
        errors(client.get("/refresh", {.headers = {{"Cookie", "refresh_token=abc"}}})),
        R"({"type":"string_too_short","loc":["cookie","refresh_token"],"msg":"String should have at least 5 characters","input":"**********","ctx":{"min_length":5}})");
}

TEST_F(Validation, reads_path_parameters) {
    EXPECT_EQ(client.get("/items/-5").body, R"({"id":-5})");
    EXPECT_EQ(
        errors(client.get("/items/abc")),
        R"({"type":"int_parsing","loc":["path","id"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"abc"})");
}

TEST_F(Validation, reads_forms_and_takes_empty_fields_for_absent_ones) {
    EXPECT_EQ(client.post("/login", {.form = "username=a%40b.co&password=p+w&scope="}).body,
              R"({"username":"a@b.co","password":"p w","scope":null})");
    EXPECT_EQ(errors(client.post("/login", {.form = "username="})),
              R"({"type":"missing","loc":["body","username"],"msg":"Field required","input":null})"
              "\n"
              R"({"type":"missing","loc":["body","password"],"msg":"Field required","input":null})");
    EXPECT_EQ(client.post("/login", {.json = Object{{"username", "a"}}}).status, 415);
}

TEST_F(Validation, reports_every_source_in_one_answer) {
    EXPECT_EQ(
        errors(client.post("/all/x?page=0", {.json = Object{{"old_password", 1}, {"new_password", "short"}}})),
        R"({"type":"int_parsing","loc":["path","id"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"})"
        "\n"
        R"({"type":"greater_than_equal","loc":["query","page"],"msg":"Input should be greater than or equal to 1","input":"0","ctx":{"ge":1}})"
        "\n"
        R"({"type":"missing","loc":["header","x-session-id"],"msg":"Field required","input":null})"
        "\n"
        R"({"type":"missing","loc":["cookie","refresh_token"],"msg":"Field required","input":null})"
        "\n"
        R"({"type":"string_type","loc":["body","old_password"],"msg":"Input should be a valid string","input":"**********"})"
        "\n"
        R"({"type":"string_too_short","loc":["body","new_password"],"msg":"String should have at least 8 characters","input":"**********","ctx":{"min_length":8}})");
}

}  // namespace
