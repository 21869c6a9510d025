#include "services/csrf_token.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace localtea::services {
namespace {

// hmac.new(b"secret", (64 * "0").encode(), hashlib.sha256).hexdigest() in Python
const std::string made_by_python =
    std::string(64, '0') + ".8126eaffc3c768aede0f23036009c4f4fe8e2fb00d01d5391966f553646ad6ea";

TEST(CsrfTokens, are_a_nonce_and_its_signature_and_never_the_same) {
    const CsrfTokens tokens{"secret"};
    const auto token = tokens.issue();
    EXPECT_THAT(token, ::testing::MatchesRegex("[0-9a-f]{64}\\.[0-9a-f]{64}"));
    EXPECT_TRUE(tokens.valid(token));
    EXPECT_NE(token, tokens.issue());
}

TEST(CsrfTokens, those_that_python_makes_are_valid) { EXPECT_TRUE(CsrfTokens{"secret"}.valid(made_by_python)); }

TEST(CsrfTokens, another_secret_makes_none_of_ours) {
    EXPECT_FALSE(CsrfTokens{"other"}.valid(CsrfTokens{"secret"}.issue()));
}

TEST(CsrfTokens, any_changed_character_voids_one) {
    const CsrfTokens tokens{"secret"};
    const auto token = tokens.issue();
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto changed = token;
        changed[i] = changed[i] == '0' ? '1' : '0';
        EXPECT_FALSE(tokens.valid(changed)) << i;
    }
}

TEST(CsrfTokens, other_shapes_are_none) {
    const CsrfTokens tokens{"secret"};
    const auto token = tokens.issue();
    for (const auto& text : {std::string{}, std::string{"."}, token + "0", token.substr(1), token.substr(0, 64),
                             std::string(129, '.'), std::string(129, '\0'), std::string(100'000, 'a')})
        EXPECT_FALSE(tokens.valid(text));
    // A signature that is right for a nonce of another form.
    EXPECT_FALSE(tokens.valid(std::string(64, 'G') + "." + token.substr(65)));
}

}  // namespace
}  // namespace localtea::services
