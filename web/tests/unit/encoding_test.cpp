#include <gtest/gtest.h>

#include <web/request.hpp>

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

TEST(PercentDecode, refuses_broken_escapes_and_keeps_plus) {
    EXPECT_EQ(web::percent_decode("a%20b+c"), "a b+c");
    EXPECT_EQ(web::percent_decode("%41%"), std::nullopt);
    EXPECT_EQ(web::percent_decode("%4"), std::nullopt);
    EXPECT_EQ(web::percent_decode("%g0"), std::nullopt);
    EXPECT_EQ(web::percent_decode(""), "");
}

TEST(PercentEncode, encodes_all_but_unreserved_characters) {
    EXPECT_EQ(web::percent_encode("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(web::percent_encode("a/b?c \xd1\x87"), "a%2Fb%3Fc%20%D1%87");
}

TEST(IsUtf8, accepts_what_unicode_allows_and_nothing_else) {
    for (const char* good : {"", "abc", "\xd1\x87\xd0\xb0\xd0\xb9", "\xe2\x82\xac", "\xf0\x9f\x8d\xb5",
                             "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"})
        EXPECT_TRUE(web::is_utf8(good)) << good;
    for (const char* bad :
         {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80", "\xff", "\xd1", "\xe2\x82", "\xf0\x9f\x8d", "\xd1z"})
        EXPECT_FALSE(web::is_utf8(bad)) << testing::PrintToString(std::string{bad});
}

}  // namespace
