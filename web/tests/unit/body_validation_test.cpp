// Every kind of error in a JSON body, through the whole path, with its exact JSON.
#include "base/utf8.hpp"
#include "validation_api.hpp"

namespace {

using namespace validation;

struct Case {
    const char* member = nullptr;
    Value value;
    const char* error = nullptr;
};

TEST_F(Validation, has_pydantics_words_for_every_wrong_type) {
    const Case cases[] = {
        {"text", 5,
         R"({"type":"string_type","loc":["body","text"],"msg":"Input should be a valid string","input":5})"},
        {"count", "five",
         R"({"type":"int_parsing","loc":["body","count"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"five"})"},
        {"count", 5.5,
         R"({"type":"int_from_float","loc":["body","count"],"msg":"Input should be a valid integer, got a number with a fractional part","input":5.5})"},
        {"count", 1e300,
         R"({"type":"less_than_equal","loc":["body","count"],"msg":"Input should be less than or equal to 2147483647","input":1e+300,"ctx":{"le":2147483647}})"},
        {"count", Array{5},
         R"({"type":"int_type","loc":["body","count"],"msg":"Input should be a valid integer","input":[5]})"},
        {"ratio", "half",
         R"({"type":"float_parsing","loc":["body","ratio"],"msg":"Input should be a valid number, unable to parse string as a number","input":"half"})"},
        {"ratio", Object{},
         R"({"type":"float_type","loc":["body","ratio"],"msg":"Input should be a valid number","input":{}})"},
        {"flag", 2,
         R"({"type":"bool_parsing","loc":["body","flag"],"msg":"Input should be a valid boolean, unable to interpret input","input":2})"},
        {"flag", Array{},
         R"({"type":"bool_type","loc":["body","flag"],"msg":"Input should be a valid boolean","input":[]})"},
        {"numbers", "1",
         R"({"type":"list_type","loc":["body","numbers"],"msg":"Input should be a valid list","input":"1"})"},
        {"stock", Array{},
         R"({"type":"dict_type","loc":["body","stock"],"msg":"Input should be a valid dictionary","input":[]})"},
        {"contact", "x",
         R"({"type":"model_attributes_type","loc":["body","contact"],"msg":"Input should be a valid dictionary or object to extract fields from","input":"x"})"},
        {"delivery", "pidgeon",
         R"({"type":"enum","loc":["body","delivery"],"msg":"Input should be 'pickup' or 'russian_post'","input":"pidgeon","ctx":{"expected":"'pickup' or 'russian_post'"}})"},
        {"delivery", 0,
         R"({"type":"enum","loc":["body","delivery"],"msg":"Input should be 'pickup' or 'russian_post'","input":0,"ctx":{"expected":"'pickup' or 'russian_post'"}})"},
    };
    for (const Case& each : cases) EXPECT_EQ(error_of(each.member, each.value), each.error);
}

TEST_F(Validation, names_the_limit_that_was_broken) {
    const Case cases[] = {
        {"text", "",
         R"({"type":"string_too_short","loc":["body","text"],"msg":"String should have at least 1 character","input":"","ctx":{"min_length":1}})"},
        {"text", "four",
         R"({"type":"string_too_long","loc":["body","text"],"msg":"String should have at most 3 characters","input":"four","ctx":{"max_length":3}})"},
        {"code", "ab",
         R"({"type":"string_pattern_mismatch","loc":["body","code"],"msg":"String should match pattern '^[A-Z]+$'","input":"ab","ctx":{"pattern":"^[A-Z]+$"}})"},
        {"count", 0,
         R"({"type":"greater_than_equal","loc":["body","count"],"msg":"Input should be greater than or equal to 1","input":0,"ctx":{"ge":1}})"},
        {"count", 11,
         R"({"type":"less_than_equal","loc":["body","count"],"msg":"Input should be less than or equal to 10","input":11,"ctx":{"le":10}})"},
        {"ratio", 0,
         R"({"type":"greater_than","loc":["body","ratio"],"msg":"Input should be greater than 0","input":0,"ctx":{"gt":0.0}})"},
        {"ratio", 1.5,
         R"({"type":"less_than","loc":["body","ratio"],"msg":"Input should be less than 1.5","input":1.5,"ctx":{"lt":1.5}})"},
        {"numbers", Array{},
         R"({"type":"too_short","loc":["body","numbers"],"msg":"List should have at least 1 item after validation, not 0","input":[],"ctx":{"field_type":"List","min_length":1,"actual_length":0}})"},
        {"numbers", (Array{1, 2, 3}),
         R"({"type":"too_long","loc":["body","numbers"],"msg":"List should have at most 2 items after validation, not 3","input":[1,2,3],"ctx":{"field_type":"List","max_length":2,"actual_length":3}})"},
        {"email", "anna",
         R"({"type":"value_error","loc":["body","email"],"msg":"value is not a valid email address: An email address must have an @-sign.","input":"anna","ctx":{"reason":"An email address must have an @-sign."}})"},
        {"date", "2023-02-29",
         R"({"type":"date_parsing","loc":["body","date"],"msg":"Input should be a valid date in the format YYYY-MM-DD, day value is outside expected range","input":"2023-02-29","ctx":{"error":"day value is outside expected range"}})"},
        {"moment", "2026-03-01T12:00:00",
         R"({"type":"datetime_parsing","loc":["body","moment"],"msg":"Input should be a valid datetime, input is too short","input":"2026-03-01T12:00:00","ctx":{"error":"input is too short"}})"},
        {"even", "abc",
         R"({"type":"value_error","loc":["body","even"],"msg":"Value error, the length must be even","input":"abc","ctx":{"error":"the length must be even"}})"},
        {"small", 256,
         R"({"type":"less_than_equal","loc":["body","small"],"msg":"Input should be less than or equal to 255","input":256,"ctx":{"le":255}})"},
        {"small", -1,
         R"({"type":"greater_than_equal","loc":["body","small"],"msg":"Input should be greater than or equal to 0","input":-1,"ctx":{"ge":0}})"},
        {"large", std::uint64_t{9223372036854775808U},
         R"({"type":"less_than_equal","loc":["body","large"],"msg":"Input should be less than or equal to 9223372036854775807","input":9223372036854775808,"ctx":{"le":9223372036854775807}})"},
        {"count", std::int64_t{-3000000000},
         R"({"type":"greater_than_equal","loc":["body","count"],"msg":"Input should be greater than or equal to -2147483648","input":-3000000000,"ctx":{"ge":-2147483648}})"},
    };
    for (const Case& each : cases) EXPECT_EQ(error_of(each.member, each.value), each.error);
}

TEST_F(Validation, lets_every_good_value_through_unchanged) {
    const char* text =
        R"({"text":"чай","email":"a@b.co","date":"2024-02-29","moment":"2026-03-01T12:00:00Z","code":"A","count":10,)"
        R"("small":255,"large":-9223372036854775808,"ratio":1,"flag":false,"delivery":"pickup",)"
        R"("contact":{"phone":"+79991234567","email":null},"numbers":[1,2],"stock":{"a":1},"even":""})";
    const auto reply = client.post("/body", {.json = samovar::json::parse(text)});
    EXPECT_EQ(reply.status, 200);
    std::string expected = text;
    expected.replace(expected.find("\"ratio\":1"), 9, "\"ratio\":1.0");
    EXPECT_EQ(reply.body, expected);
}

TEST_F(Validation, takes_text_and_whole_floats_for_numbers_as_pydantic_does) {
    const auto answer = [&](const char* text) {
        const auto reply = client.post("/body", {.json = samovar::json::parse(text)});
        EXPECT_EQ(reply.status, 200) << text << reply.body;
        return reply.json();
    };
    const auto spelled = answer(
        R"({"count":" 5.0 ","small":true,"large":"-9_000","ratio":"1e-1","flag":"YES","numbers":["1",2.0]})");
    EXPECT_EQ(*spelled.find("count"), Value{5});
    EXPECT_EQ(*spelled.find("small"), Value{1});
    EXPECT_EQ(*spelled.find("large"), Value{-9000});
    EXPECT_EQ(*spelled.find("ratio"), Value{0.1});
    EXPECT_EQ(*spelled.find("flag"), Value{true});
    EXPECT_EQ(*spelled.find("numbers"), Value{(Array{1, 2})});
    EXPECT_EQ(*answer(R"({"flag":0.0})").find("flag"), Value{false});
    EXPECT_EQ(*answer(R"({"ratio":true})").find("ratio"), Value{1.0});
}

TEST_F(Validation, echoes_what_was_given_and_not_what_it_stands_for) {
    EXPECT_EQ(
        error_of("count", "11"),
        R"({"type":"less_than_equal","loc":["body","count"],"msg":"Input should be less than or equal to 10","input":"11","ctx":{"le":10}})");
}

TEST_F(Validation, counts_characters_and_not_bytes) {
    EXPECT_EQ(client.post("/body", {.json = Object{{"text", "чай"}}}).status, 200);
    EXPECT_EQ(client.post("/body", {.json = Object{{"text", "чаёк"}}}).status, 422);
}

TEST_F(Validation, refuses_null_characters) {
    EXPECT_EQ(
        error_of("text", std::string("a\0", 2)),
        R"({"type":"value_error","loc":["body","text"],"msg":"Value error, null characters are not allowed",)"
        R"("input":"a\u0000","ctx":{"error":"null characters are not allowed"}})");
}

TEST_F(Validation, refuses_half_a_surrogate_pair) {
    const auto reply =
        client.post("/body", {.body = R"({"text":"\ud800"})", .headers = {{"Content-Type", "application/json"}}});
    EXPECT_EQ(reply.status, 422);
    EXPECT_NE(reply.body.find(R"("type":"string_unicode")"), std::string::npos) << reply.body;
    EXPECT_TRUE(samovar::utf8::valid(reply.body));
}

TEST_F(Validation, gives_the_whole_path_to_nested_errors) {
    EXPECT_EQ(
        error_of("contact", Object{{"phone", "1"}, {"email", 5}}),
        R"({"type":"string_pattern_mismatch","loc":["body","contact","phone"],"msg":"String should match pattern '^\\+?[0-9]{10,20}$'","input":"1","ctx":{"pattern":"^\\+?[0-9]{10,20}$"}})"
        "\n"
        R"({"type":"string_type","loc":["body","contact","email"],"msg":"Input should be a valid string","input":5})");
    EXPECT_EQ(
        error_of("numbers", Array{1, nullptr}),
        R"({"type":"int_type","loc":["body","numbers",1],"msg":"Input should be a valid integer","input":null})");
    EXPECT_EQ(
        error_of("stock", Object{{"a", nullptr}}),
        R"({"type":"int_type","loc":["body","stock","a"],"msg":"Input should be a valid integer","input":null})");
}

TEST_F(Validation, reports_missing_members_without_echoing_their_neighbours) {
    EXPECT_EQ(errors(client.post("/passwords", {.json = Object{{"old_password", "hunter2"}}})),
              R"({"type":"missing","loc":["body","new_password"],"msg":"Field required","input":null})");
}

TEST_F(Validation, never_echoes_secrets) {
    const std::string secret = "hunter2";
    for (const Value& body :
         {Value{Object{{"old_password", "x"}, {"new_password", secret}}},
          Value{Object{{"old_password", Array{secret}}, {"new_password", Object{{secret, secret}}}}},
          Value{secret}, Value{Array{secret}}, Value{Object{{"passwords", secret}}},
          Value{Object{{"passwords", Object{{"old_password", secret}, {"new_password", secret}}}}}}) {
        for (const char* path : {"/passwords", "/nested"}) {
            const auto reply = client.post(path, {.json = body});
            EXPECT_EQ(reply.status, 422);
            EXPECT_EQ(reply.body.find(secret), std::string::npos) << reply.body;
        }
    }
}

TEST_F(Validation, checks_the_whole_struct_once_its_members_are_right) {
    EXPECT_EQ(
        errors(client.post("/passwords",
                           {.json = Object{{"old_password", "long enough"}, {"new_password", "long enough"}}})),
        R"({"type":"value_error","loc":["body"],"msg":"Value error, the passwords are the same","input":"**********","ctx":{"error":"the passwords are the same"}})");
}

TEST_F(Validation, tells_a_missing_a_broken_and_a_wrongly_typed_body_apart) {
    EXPECT_EQ(errors(client.post("/passwords")),
              R"({"type":"missing","loc":["body"],"msg":"Field required","input":null})");
    const auto broken =
        client.post("/passwords", {.body = "{\"a\": ", .headers = {{"Content-Type", "application/json"}}});
    EXPECT_EQ(broken.status, 422);
    EXPECT_TRUE(broken.body.starts_with(
        R"({"detail":[{"type":"json_invalid","loc":["body",6],"msg":"JSON decode error","input":{},"ctx":{"error":)"))
        << broken.body;
    const auto plain = client.post("/passwords", {.body = "{}", .headers = {{"Content-Type", "text/plain"}}});
    EXPECT_EQ(plain.status, 415);
    EXPECT_EQ(plain.body, R"({"detail":"Content-Type must be application/json"})");
}

TEST_F(Validation, accepts_json_with_parameters_and_suffixes) {
    for (const char* type : {"application/json", "Application/JSON; charset=utf-8", "application/problem+json"}) {
        const auto reply = client.post("/any", {.body = "[1]", .headers = {{"Content-Type", type}}});
        EXPECT_EQ(reply.status, 200) << type;
    }
}

TEST_F(Validation, refuses_json_that_python_alone_reads_and_json_that_is_too_deep) {
    const std::string deep(100'000, '[');
    for (const std::string& body :
         {std::string{"NaN"}, deep, std::string{"\"\xff\""}, std::string{"{\"a\":1}}"}}) {
        const auto reply = client.post("/any", {.body = body, .headers = {{"Content-Type", "application/json"}}});
        EXPECT_EQ(reply.status, 422) << body.substr(0, 20);
        EXPECT_LT(reply.body.size(), 500U);
    }
}

TEST_F(Validation, an_optional_body_may_be_absent_or_null) {
    EXPECT_EQ(client.post("/optional").body, "false");
    EXPECT_EQ(client.post("/optional", {.json = nullptr}).body, "false");
    EXPECT_EQ(client.post("/optional", {.json = Object{{"id", 1}}}).body, "true");
    EXPECT_EQ(client.post("/optional", {.json = Object{}}).status, 422);
}

TEST_F(Validation, bounds_the_answer_to_a_hostile_list) {
    const auto reply = client.post("/list", {.json = Array(10'000, Value{"x"})});
    EXPECT_EQ(reply.status, 422);
    const Value body = reply.json();
    EXPECT_EQ(body.find("detail")->if_array()->size(), 100U);
}

}  // namespace
