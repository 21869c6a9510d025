#include "mail/header.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "mail/error.hpp"

namespace localtea::mail {
namespace {

using namespace std::chrono_literals;

/// The field's text as a reader gets it.
std::string read_back(const std::string& header, std::string_view name) {
    return header_text(split_headers(header + "\r\n").first, name);
}

std::size_t longest_line(std::string_view text) {
    std::size_t longest = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find("\r\n", at);
        longest = std::max(longest, end - at);
        at = end + 2;
    }
    return longest;
}

TEST(TextHeader, short_ascii_stays_as_it_is) {
    EXPECT_EQ(text_header("Subject", "Your tea is here"), "Subject: Your tea is here\r\n");
}

TEST(TextHeader, empty_text_is_an_empty_field) { EXPECT_EQ(read_back(text_header("Subject", ""), "Subject"), ""); }

TEST(TextHeader, long_ascii_is_folded_at_spaces) {
    std::string text;
    for (int i = 0; i < 40; ++i) text += "word ";
    text += "end";
    const auto header = text_header("Subject", text);
    EXPECT_LE(longest_line(header), 78U);
    EXPECT_EQ(read_back(header, "Subject"), text);
}

TEST(TextHeader, russian_becomes_encoded_words_of_at_most_75_that_never_cut_a_character) {
    for (std::size_t size = 1; size < 120; ++size) {
        std::string text;
        for (std::size_t i = 0; i < size; ++i) text += i % 7 == 0 ? "🍵" : i % 3 == 0 ? "a" : "ч";
        const auto header = text_header("Subject", text);
        EXPECT_LE(longest_line(header), 78U);
        EXPECT_EQ(
            header.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=?-: \r\n"),
            std::string::npos);
        EXPECT_EQ(read_back(header, "Subject"), text);
    }
}

TEST(TextHeader, text_that_looks_encoded_or_has_spaces_to_lose_is_encoded) {
    for (std::string text : {"=?utf-8?q?spoof?=", " leading", "trailing ", "two  spaces"}) {
        const auto header = text_header("Subject", text);
        EXPECT_EQ(header.find(text), std::string::npos);
        EXPECT_EQ(read_back(header, "Subject"), text);
    }
}

TEST(TextHeader, word_longer_than_a_line_still_fits_lines) {
    const std::string text(500, 'x');
    const auto header = text_header("Subject", text);
    EXPECT_LE(longest_line(header), 78U);
    EXPECT_EQ(read_back(header, "Subject"), text);
}

TEST(TextHeader, line_breaks_and_other_controls_are_refused) {
    for (std::string text :
         {std::string{"a\r\nBcc: x@y.example"}, std::string{"a\nb"}, std::string{"a\rb"}, std::string{"a\0b", 3},
          std::string{"a\x1b"
                      "b"},
          std::string{"a\x7f"}, std::string{"\xff\xfe"}})
        EXPECT_THROW(text_header("Subject", text), PermanentMailError);
}

TEST(MailboxHeader, display_names_are_plain_quoted_or_encoded_as_they_need) {
    EXPECT_EQ(mailbox_header("From", "", "a@b.example"), "From: a@b.example\r\n");
    EXPECT_EQ(mailbox_header("From", "Local Tea", "a@b.example"), "From: Local Tea <a@b.example>\r\n");
    EXPECT_EQ(mailbox_header("From", "Tea, Inc. \"best\"", "a@b.example"),
              "From: \"Tea, Inc. \\\"best\\\"\" <a@b.example>\r\n");
    EXPECT_EQ(mailbox_header("From", "Чайная", "a@b.example"),
              "From: =?utf-8?b?0KfQsNC50L3QsNGP?= <a@b.example>\r\n");
}

TEST(MailboxHeader, long_name_and_address_do_not_share_a_line) {
    const auto header = mailbox_header("From", std::string(40, 'n'), std::string(50, 'a') + "@example.org");
    EXPECT_LE(longest_line(header), 78U);
}

TEST(MailDate, is_rfc_5322_in_utc) {
    EXPECT_EQ(
        mail_date(samovar::WallTime{std::chrono::sys_days{std::chrono::November / 5 / 2025} + 1h + 2min + 3s}),
        "Wed, 05 Nov 2025 01:02:03 +0000");
}

TEST(SplitHeaders, unfolds_and_stops_at_the_empty_line) {
    const auto [headers, body] = split_headers("A: 1\r\nB: x\r\n y\r\n\r\nbody\r\n");
    ASSERT_EQ(headers.size(), 2U);
    EXPECT_EQ(headers[1].second, "x y");
    EXPECT_EQ(body, "body\r\n");
    EXPECT_EQ(header_text(headers, "b"), "x y");
    EXPECT_EQ(header_text(headers, "C"), "");
}

TEST(SplitHeaders, survives_text_that_is_no_message) {
    EXPECT_TRUE(split_headers("").first.empty());
    EXPECT_TRUE(split_headers("no colon").first.empty());
    EXPECT_TRUE(split_headers("\n").first.empty());
}

TEST(HeaderText, encoded_words_of_both_kinds_join_without_the_space_between_them) {
    const auto [headers, body] = split_headers("S: =?utf-8?q?=D1=87_a?= =?UTF-8?B?0LDQuQ==?= plain =?x?\r\n\r\n");
    EXPECT_EQ(header_text(headers, "S"), "ч aай plain =?x?");
}

}  // namespace
}  // namespace localtea::mail
