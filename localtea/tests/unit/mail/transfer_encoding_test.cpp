#include "mail/transfer_encoding.hpp"

#include <algorithm>
#include <random>
#include <regex>
#include <utility>

#include <gtest/gtest.h>

namespace localtea::mail {
namespace {

std::size_t longest_line(std::string_view text) {
    std::size_t longest = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find("\r\n"), text.size());
        longest = std::max(longest, end);
        text.remove_prefix(std::min(end + 2, text.size()));
    }
    return longest;
}

std::string quoted_printable(std::string_view text) {
    auto body = encode_body(text);
    EXPECT_EQ(body.name, "quoted-printable") << text;
    return std::move(body.text);
}

TEST(QuotedPrintable, plain_text_stays_and_ends_with_crlf) {
    EXPECT_EQ(quoted_printable("tea = 100 %"), "tea =3D 100 %\r\n");
}

TEST(QuotedPrintable, every_kind_of_line_end_becomes_crlf) {
    EXPECT_EQ(quoted_printable("a\nb\r\nc\rd\n"), "a\r\nb\r\nc\r\nd\r\n");
}

TEST(QuotedPrintable, space_before_a_line_end_is_encoded_because_transports_drop_it) {
    EXPECT_EQ(quoted_printable("Tea \nand more tea\t\n"), "Tea=20\r\nand more tea=09\r\n");
}

TEST(QuotedPrintable, bytes_outside_ascii_and_controls_are_encoded) {
    EXPECT_EQ(quoted_printable(std::string{"Tea, and then more tea: я\0\x7f", 28}),
              "Tea, and then more tea: =D1=8F=00=7F\r\n");
}

TEST(QuotedPrintable, line_of_exactly_76_is_left_whole_and_one_of_77_is_cut) {
    EXPECT_EQ(quoted_printable(std::string(76, 'a')), std::string(76, 'a') + "\r\n");
    EXPECT_EQ(quoted_printable(std::string(77, 'a')), std::string(75, 'a') + "=\r\naa\r\n");
}

TEST(QuotedPrintable, no_cut_goes_through_an_encoded_byte) {
    for (std::size_t head = 60; head < 80; ++head) {
        const auto encoded = quoted_printable(std::string(head, 'a') + "яя");
        EXPECT_LE(longest_line(encoded), max_encoded_line);
        EXPECT_EQ(decode_quoted_printable(encoded), std::string(head, 'a') + "яя\r\n");
    }
}

TEST(QuotedPrintable, decoding_keeps_what_is_not_encoded_properly) {
    EXPECT_EQ(decode_quoted_printable("a=ZZ=4"), "a=ZZ=4");
    EXPECT_EQ(decode_quoted_printable("a=\nb=d1=8F"), "abя");
}

TEST(Base64, rfc_4648_examples) { EXPECT_EQ(decode_base64("Zm9v\r\nYmE="), "fooba"); }

TEST(EncodedBody, russian_text_is_base64_and_english_is_quoted_printable) {
    EXPECT_EQ(encode_body("Здравствуйте! Осталось нажать одну кнопку.").name, "base64");
    EXPECT_EQ(encode_body("Hello, one button is left to press. Café.").name, "quoted-printable");
}

/// Every kind of line end as MIME writes it; the last line has one.
std::string with_crlf(const std::string& text) {
    const std::string out = std::regex_replace(text, std::regex{"\r\n|\r|\n"}, "\r\n");
    return out.ends_with("\r\n") ? out : out + "\r\n";
}

TEST(EncodedBody, random_texts_come_back_in_lines_of_at_most_76) {
    std::mt19937 random{20251122};
    const std::string_view pieces[] = {"a", "я",    "=",     " ",  "\n",   "\t",
                                       ".", "чай ", "word ", "🍵", "\r\n", "--=_part"};
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (auto size = random() % 400; size > 0; --size) text += pieces[random() % std::size(pieces)];
        const auto body = encode_body(text);
        EXPECT_LE(longest_line(body.text), max_encoded_line);
        const auto back = body.name == "base64" ? decode_base64(body.text) : decode_quoted_printable(body.text);
        EXPECT_EQ(back, with_crlf(text)) << text;
    }
}

}  // namespace
}  // namespace localtea::mail
