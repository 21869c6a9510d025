#include "domain/profile.hpp"

#include <gtest/gtest.h>

namespace localtea::domain {
namespace {

using namespace std::chrono;

std::string outcome(const Checked<std::string>& checked) {
    return checked ? checked.value() : "refused: " + std::string{checked.violation().type};
}

/// `count` characters of two bytes each.
std::string cyrillic(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "ж";
    return text;
}

TEST(UsernameTest, is_trimmed_and_otherwise_kept) {
    EXPECT_EQ(outcome(normalise_username("  Чайный Мастер 茶🍵 ")), "Чайный Мастер 茶🍵");
}

TEST(UsernameTest, has_1_to_64_characters_not_bytes) {
    EXPECT_EQ(outcome(normalise_username("")), "refused: string_too_short");
    EXPECT_EQ(outcome(normalise_username(" \t ")), "refused: string_too_short");
    EXPECT_EQ(outcome(normalise_username(cyrillic(64))), cyrillic(64));
    EXPECT_EQ(outcome(normalise_username(cyrillic(65))), "refused: string_too_long");
}

TEST(UsernameTest, has_only_visible_characters) {
    using namespace std::string_view_literals;
    for (std::string_view text : {"a\nb"sv, "a\0b"sv, "a\u200Bb"sv, "a\u202Eb"sv, "a\U000E0041b"sv, "a\xff"sv})
        EXPECT_EQ(outcome(normalise_username(text)), "refused: value_error");
}

TEST(NameTest, limits_differ_by_field) {
    EXPECT_EQ(outcome(normalise_name(cyrillic(100))), cyrillic(100));
    EXPECT_EQ(outcome(normalise_name(cyrillic(101))), "refused: string_too_long");
    EXPECT_EQ(outcome(normalise_address(cyrillic(500))), cyrillic(500));
    EXPECT_EQ(outcome(normalise_address(cyrillic(501))), "refused: string_too_long");
    EXPECT_EQ(outcome(normalise_postal_code("125009")), "125009");
    EXPECT_EQ(outcome(normalise_postal_code(std::string(21, '1'))), "refused: string_too_long");
}

TEST(NameTest, a_refusal_names_its_limit) {
    EXPECT_NE(normalise_name(cyrillic(101)).violation().message.find("100"), std::string::npos);
}

TEST(PhoneTest, every_way_to_write_a_russian_number_becomes_one) {
    for (std::string_view text : {"+79123456789", "89123456789", "79123456789", "9123456789", "8 (912) 345-67-89",
                                  "+7 912 345 67 89", " +7(912)345.67.89 "})
        EXPECT_EQ(outcome(normalise_phone(text)), "+79123456789") << text;
}

TEST(PhoneTest, a_number_of_another_country_stays) {
    EXPECT_EQ(outcome(normalise_phone("+44 20 7946 0958")), "+442079460958");
    EXPECT_EQ(outcome(normalise_phone("+86 10 1234 5678")), "+861012345678");
}

TEST(PhoneTest, has_10_to_15_digits) {
    EXPECT_EQ(outcome(normalise_phone("+1234567890")), "+1234567890");
    EXPECT_EQ(outcome(normalise_phone("+123456789")), "refused: value_error");
    EXPECT_EQ(outcome(normalise_phone("+123456789012345")), "+123456789012345");
    EXPECT_EQ(outcome(normalise_phone("+1234567890123456")), "refused: value_error");
}

TEST(PhoneTest, anything_else_is_refused) {
    for (std::string_view text :
         {"", "+", "call me", "+7912345678x", "++79123456789", "7912+3456789", "+7912\n3456789"})
        EXPECT_EQ(outcome(normalise_phone(text)), "refused: value_error") << text;
}

TEST(BirthdateTest, is_read_from_iso_text) {
    EXPECT_EQ(parse_birthdate("1990-02-28", 2025y / March / 1).value(), 1990y / February / 28);
}

TEST(BirthdateTest, today_and_1900_belong_to_the_range) {
    EXPECT_TRUE(parse_birthdate("2025-03-01", 2025y / March / 1));
    EXPECT_FALSE(parse_birthdate("2025-03-02", 2025y / March / 1));
    EXPECT_TRUE(parse_birthdate("1900-01-01", 2025y / March / 1));
    EXPECT_FALSE(parse_birthdate("1899-12-31", 2025y / March / 1));
}

TEST(BirthdateTest, text_that_is_no_date_is_refused_as_such) {
    for (std::string_view text : {"", "1990-2-28", "1990-02-30", "1990-13-01", "28.02.1990", "1990-02-28T00:00:00",
                                  "+990-02-28", "1990-02-2x", "1990-00-10"}) {
        const auto checked = parse_birthdate(text, 2025y / March / 1);
        ASSERT_FALSE(checked) << text;
        EXPECT_EQ(checked.violation().type, "date_parsing") << text;
    }
}

}  // namespace
}  // namespace localtea::domain
