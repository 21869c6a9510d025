#include "domain/unicode.hpp"

#include <gtest/gtest.h>

namespace localtea::domain {
namespace {

TEST(UnicodeTest, characters_are_code_points) {
    EXPECT_EQ(count_characters(""), 0U);
    EXPECT_EQ(count_characters("tea"), 3U);
    EXPECT_EQ(count_characters("чай"), 3U);
    EXPECT_EQ(count_characters("茶🍵"), 2U);
    EXPECT_EQ(count_characters("e\u0301"), 2U) << "a letter and its combining accent";
}

TEST(UnicodeTest, the_ends_of_each_length_are_accepted) {
    for (std::string_view text : {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                                  "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
        EXPECT_EQ(count_characters(text), 1U);
}

TEST(UnicodeTest, what_is_not_utf_8_has_no_count) {
    for (std::string_view text : {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
                                  "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3",
                                  "\xe2\x82", "\xf0\x9f\x8d", "a\xc3(", "\xe2(\xa1"})
        EXPECT_EQ(count_characters(text), std::nullopt);
}

TEST(UnicodeTest, ordinary_text_of_any_script_is_visible) {
    for (std::string_view text : {"", "a b", "Чай «Бай Му Дань»", "茶", "🍵", "שלום", "e\u0301"})
        EXPECT_TRUE(is_visible(text));
}

TEST(UnicodeTest, controls_and_marks_that_hide_are_not_visible) {
    using namespace std::string_view_literals;
    for (std::string_view text :
         {"\0"sv,     "\t"sv,     "\r"sv,     "\n"sv,     "\x1f"sv,       "\x7f"sv,   "\u0080"sv,
          "\u009f"sv, "\u00ad"sv, "\u200b"sv, "\u200e"sv, "\u2028"sv,     "\u2029"sv, "\u202e"sv,
          "\u2066"sv, "\ufeff"sv, "\ufff9"sv, "\uffff"sv, "\U000e0041"sv, "\xff"sv})
        EXPECT_FALSE(is_visible(text));
}

TEST(UnicodeTest, trimming_leaves_what_is_inside) {
    EXPECT_EQ(trim(" \t a b \r\n"), "a b");
    EXPECT_EQ(trim("   "), "");
    EXPECT_EQ(trim(""), "");
}

}  // namespace
}  // namespace localtea::domain
