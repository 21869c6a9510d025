#include "base/text.hpp"

#include <gtest/gtest.h>

#include "base/utf8.hpp"

namespace samovar {
namespace {

TEST(Utf8, characters_are_code_points) {
    EXPECT_EQ(utf8::count(""), 0U);
    EXPECT_EQ(utf8::count("tea"), 3U);
    EXPECT_EQ(utf8::count("чай"), 3U);
    EXPECT_EQ(utf8::count("茶🍵"), 2U);
    EXPECT_EQ(utf8::count("e\u0301"), 2U) << "a letter and its combining accent";
}

TEST(Utf8, the_ends_of_each_length_are_accepted) {
    for (std::string_view text : {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                                  "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
        EXPECT_EQ(utf8::count(text), 1U);
}

TEST(Utf8, what_is_not_utf_8_has_no_count) {
    for (std::string_view text : {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
                                  "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3",
                                  "\xe2\x82", "\xf0\x9f\x8d", "a\xc3(", "\xe2(\xa1"})
        EXPECT_EQ(utf8::count(text), std::nullopt);
}

TEST(Trim, leaves_what_is_inside) {
    EXPECT_EQ(trim(" \t a b \r\n"), "a b");
    EXPECT_EQ(trim("   "), "");
    EXPECT_EQ(trim(""), "");
    EXPECT_EQ(trim("\n a ", " "), "\n a");
}

}  // namespace
}  // namespace samovar
