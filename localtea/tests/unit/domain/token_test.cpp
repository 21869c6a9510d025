#include "domain/token.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include <gtest/gtest.h>

namespace localtea::domain {
namespace {

TEST(TokenTest, has_43_characters_that_need_no_escape_in_a_url) {
    const std::string token = make_token();
    EXPECT_EQ(token.size(), 43U);
    EXPECT_TRUE(std::all_of(token.begin(), token.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_';
    })) << token;
}

TEST(TokenTest, uses_all_256_bits) {
    // 43 characters hold 258 bits; the last two are always zero, so the last character is one of 16.
    std::set<char> last;
    std::set<std::string> tokens;
    for (int i = 0; i < 1'000; ++i) tokens.insert(make_token());
    for (const std::string& token : tokens) last.insert(token.back());
    EXPECT_EQ(tokens.size(), 1'000U);
    EXPECT_EQ(last.size(), 16U);
}

TEST(TokenTest, is_stored_as_sha_256) {
    EXPECT_EQ(token_digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(token_digest(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(TokenTest, purposes_have_names_of_their_own) {
    const std::set<std::string_view> names{to_text(TokenPurpose::confirm_email),
                                           to_text(TokenPurpose::change_email),
                                           to_text(TokenPurpose::reset_password)};
    EXPECT_EQ(names.size(), 3U);
}

}  // namespace
}  // namespace localtea::domain
