#include "domain/unicode.hpp"

#include <gtest/gtest.h>

namespace localtea::domain {
namespace {

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

}  // namespace
}  // namespace localtea::domain
