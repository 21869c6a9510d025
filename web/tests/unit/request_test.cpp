#include <web/request.hpp>

#include <gtest/gtest.h>

namespace {

using web::FormPairs;

TEST(ParseForm, decodes_pairs_in_order) {
    EXPECT_EQ(web::parse_form("a=1&b=two+words&a=%D1%87&empty=&bare"),
              (FormPairs{{"a", "1"}, {"b", "two words"}, {"a", "\xd1\x87"}, {"empty", ""}, {"bare", ""}}));
}

TEST(ParseForm, leaves_broken_escapes_as_they_are) {
    EXPECT_EQ(web::parse_form("a=100%&b=%zz&c=%4&d=%"),
              (FormPairs{{"a", "100%"}, {"b", "%zz"}, {"c", "%4"}, {"d", "%"}}));
}

TEST(ParseForm, skips_empty_pairs_and_keeps_further_equals_signs) {
    EXPECT_EQ(web::parse_form("&&a=b=c&&"), (FormPairs{{"a", "b=c"}}));
    EXPECT_TRUE(web::parse_form("").empty());
    EXPECT_EQ(web::parse_form("=x"), (FormPairs{{"", "x"}}));
}

std::optional<std::string_view> token_of(const char* field) {
    static web::Request request;
    request.clear();
    request.headers.add("Authorization", field);
    return bearer_token(request);
}

TEST(BearerToken, reads_the_scheme_in_any_case) {
    for (const char* field : {"Bearer abc", "bearer abc", "BEARER abc", "bEaReR   abc  "})
        EXPECT_EQ(token_of(field), "abc") << field;
    EXPECT_EQ(token_of("Bearer a b"), "a b");
    EXPECT_EQ(token_of("Bearer"), "");
}

TEST(BearerToken, takes_no_other_scheme_for_it) {
    for (const char* field : {"Basic abc", "abc", "Bearerabc", "Bearer\tabc", "", "Token bearer abc"})
        EXPECT_EQ(token_of(field), std::nullopt) << field;
    EXPECT_EQ(bearer_token(web::Request{}), std::nullopt);
}

}  // namespace
