#include "base/base64.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace samovar {
namespace {

TEST(Base64, the_known_examples_hold) {
    const std::vector<std::pair<std::string, std::string>> examples{{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"},
                                                                    {"\xFF\xFE", "//4="}};
    for (const auto& [bytes, text] : examples) {
        EXPECT_EQ(base64::encode(bytes), text);
        EXPECT_EQ(base64::decode(text), bytes);
    }
}

TEST(Base64, every_length_comes_back) {
    for (std::size_t size = 0; size < 200; ++size) {
        std::string bytes(size, '\0');
        random_bytes(std::as_writable_bytes(std::span{bytes}));
        EXPECT_EQ(base64::decode(base64::encode(bytes)), bytes);
    }
}

TEST(Base64, what_is_not_base64_is_refused) {
    for (const char* text :
         {"Zg", "Zg=", "Z", "Zg==Zg==", "Zm9\n", "Zm 9", "Zm9-", "====", "Z===", "=Zg=", "Zm=v", "\xC3\xA9zz"}) {
        EXPECT_EQ(base64::decode(text), std::nullopt) << text;
    }
}

TEST(Base64, one_wrong_byte_anywhere_is_refused) {
    const std::string text = base64::encode("leaves of one garden, picked in April");
    for (std::size_t at = 0; at + 2 < text.size(); ++at) {
        for (const char wrong : {' ', '\n', '\0', '-', '_', '=', '.', '\xFF'}) {
            std::string broken = text;
            broken[at] = wrong;
            EXPECT_EQ(base64::decode(broken), std::nullopt) << broken;
        }
    }
}

TEST(Base64, urls_take_another_alphabet_without_padding) {
    EXPECT_EQ(base64::encode_url("\xFB\xFF\xFE\xFF"), "-__-_w");
    EXPECT_EQ(base64::decode_url("-__-_w"), "\xFB\xFF\xFE\xFF");
    for (const char* text : {"-__-_w==", "+//+/w", "a", "ab.d", "ab\nd"}) {
        EXPECT_EQ(base64::decode_url(text), std::nullopt) << text;
    }
}

TEST(Base64, left_over_bits_are_ignored_as_in_python) { EXPECT_EQ(base64::decode("Zh=="), "f"); }

}  // namespace
}  // namespace samovar
