#include "domain/email.hpp"

#include <gtest/gtest.h>

namespace localtea::domain {
namespace {

std::string normal(std::string_view text) {
    const auto checked = normalise_email(text);
    return checked ? checked.value() : "refused: " + std::string{checked.violation().type};
}

TEST(EmailTest, ascii_letters_become_lower_case_and_spaces_around_it_go) {
    EXPECT_EQ(normal("  Anna.Karenina+Tea@Example.RU "), "anna.karenina+tea@example.ru");
}

TEST(EmailTest, an_internationalised_domain_stays_as_it_is_written) {
    EXPECT_EQ(normal("Anna@Почта.рф"), "anna@Почта.рф");
    EXPECT_EQ(normal("anna@xn--80a1acny.xn--p1ai"), "anna@xn--80a1acny.xn--p1ai");
}

TEST(EmailTest, a_local_part_may_be_written_in_any_script) { EXPECT_EQ(normal("анна@почта.рф"), "анна@почта.рф"); }

TEST(EmailTest, every_symbol_of_an_atom_is_accepted) {
    EXPECT_EQ(normal("a!#$%&'*+-/=?^_`{|}~b@example.ru"), "a!#$%&'*+-/=?^_`{|}~b@example.ru");
}

TEST(EmailTest, line_breaks_and_nul_are_refused_wherever_they_stand) {
    using namespace std::string_view_literals;
    for (std::string_view text :
         {"a@b.ru\r\nBcc: c@d.ru"sv, "a@b.ru\n"sv, "\ra@b.ru"sv, "a\0@b.ru"sv, "a@b.ru\0"sv, "a\x7f@b.ru"sv,
          "a\u2028@b.ru"sv, "a@b.ru\u2029"sv, "a\u0085@b.ru"sv})
        EXPECT_EQ(normal(text), "refused: value_error");
}

TEST(EmailTest, invisible_characters_and_unusual_spaces_are_refused) {
    for (std::string_view text :
         {"a\u200Bb@example.ru", "a\u202Eb@example.ru", "a\uFEFF@example.ru", "a\u00A0b@example.ru",
          "a@exam\u3000ple.ru", "a b@example.ru", "a\tb@example.ru"})
        EXPECT_EQ(normal(text), "refused: value_error") << text;
}

TEST(EmailTest, more_than_one_address_is_refused) {
    for (std::string_view text : {"a@b.ru,c@d.ru", "a@b.ru;c@d.ru", "a@b.ru c@d.ru", "a@b@c.ru"})
        EXPECT_EQ(normal(text), "refused: value_error") << text;
}

TEST(EmailTest, anything_but_a_bare_address_is_refused) {
    for (std::string_view text : {"", "a", "@b.ru", "a@", "Anna <a@b.ru>", "<a@b.ru>", "\"a b\"@c.ru", "a(c)@b.ru",
                                  "a@[192.0.2.1]", "mailto:a@b.ru", "a@b.ru."})
        EXPECT_EQ(normal(text), "refused: value_error") << text;
}

TEST(EmailTest, dots_separate_parts_that_are_not_empty) {
    for (std::string_view text : {".a@b.ru", "a.@b.ru", "a..b@c.ru", "a@.b.ru", "a@b..ru"})
        EXPECT_EQ(normal(text), "refused: value_error") << text;
}

TEST(EmailTest, a_domain_has_a_dot_and_a_top_level_that_is_no_number) {
    EXPECT_EQ(normal("a@localhost"), "refused: value_error");
    EXPECT_EQ(normal("a@192.0.2.1"), "refused: value_error");
    EXPECT_EQ(normal("a@1.ru"), "a@1.ru");
}

TEST(EmailTest, labels_neither_begin_nor_end_with_a_hyphen) {
    EXPECT_EQ(normal("a@-b.ru"), "refused: value_error");
    EXPECT_EQ(normal("a@b-.ru"), "refused: value_error");
    EXPECT_EQ(normal("a@b-c.ru"), "a@b-c.ru");
}

TEST(EmailTest, the_local_part_has_64_bytes_at_most) {
    EXPECT_EQ(normal(std::string(64, 'a') + "@b.ru"), std::string(64, 'a') + "@b.ru");
    EXPECT_EQ(normal(std::string(65, 'a') + "@b.ru"), "refused: value_error");
}

TEST(EmailTest, a_label_has_63_bytes_at_most) {
    EXPECT_EQ(normal("a@" + std::string(63, 'b') + ".ru"), "a@" + std::string(63, 'b') + ".ru");
    EXPECT_EQ(normal("a@" + std::string(64, 'b') + ".ru"), "refused: value_error");
}

TEST(EmailTest, the_whole_has_254_bytes_at_most) {
    const std::string label(60, 'b');
    const std::string address = "a@" + label + "." + label + "." + label + "." + label + ".";
    EXPECT_EQ(normal(address + std::string(254 - address.size(), 'c')).size(), 254U);
    EXPECT_EQ(normal(address + std::string(255 - address.size(), 'c')), "refused: string_too_long");
}

TEST(EmailTest, bytes_that_are_no_utf_8_are_refused) {
    EXPECT_EQ(normal("a\xff@b.ru"), "refused: value_error");
    EXPECT_EQ(normal("a\xc0\x80@b.ru"), "refused: value_error");
}

TEST(EmailTest, a_refusal_does_not_repeat_the_value) {
    EXPECT_EQ(normalise_email("anna kare@b.ru").violation().message.find("anna"), std::string::npos);
}

}  // namespace
}  // namespace localtea::domain
