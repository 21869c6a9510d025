#include "services/webhook_signature.hpp"

#include <gtest/gtest.h>

#include "support/sign_webhook.hpp"

namespace localtea::services {
namespace {

using namespace std::chrono_literals;
using testing::sign_webhook;

const samovar::WallTime noon{std::chrono::sys_days{std::chrono::November / 23 / 2026} + 12h};
constexpr std::string_view body = R"({"event_id":"e1"})";
const WebhookVerifier verifier{{"current", "previous"}};

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    return text.replace(text.find(what), what.size(), with);
}

TEST(WebhookSignature, is_the_hmac_of_time_dot_body) {
    // printf '1790164800.{"event_id":"e1"}' | openssl dgst -sha256 -hmac current
    const std::string signature =
        "t=1790164800,v1=b38e77320e779e1535f1967c96422ca7666c71287294c710f300476e53ee938f";
    EXPECT_TRUE(verifier.verify(signature, body, samovar::WallTime{1'790'164'800s}));
}

TEST(WebhookSignature, of_the_current_secret_and_of_the_one_before_are_good) {
    EXPECT_TRUE(verifier.verify(sign_webhook(body, noon, "current"), body, noon));
    EXPECT_TRUE(verifier.verify(sign_webhook(body, noon, "previous"), body, noon));
    EXPECT_FALSE(verifier.verify(sign_webhook(body, noon, "stolen"), body, noon));
}

TEST(WebhookSignature, of_an_altered_body_or_time_is_refused) {
    const auto signature = sign_webhook(body, noon, "current");
    EXPECT_FALSE(verifier.verify(signature, R"({"event_id":"e2"})", noon));
    EXPECT_FALSE(verifier.verify(signature, std::string{body} + " ", noon));
    EXPECT_FALSE(verifier.verify(replaced(signature, "t=", "t=0"), body, noon));
    auto digest = signature;
    digest.back() = digest.back() == '0' ? '1' : '0';
    EXPECT_FALSE(verifier.verify(digest, body, noon));
    digest = signature;
    digest.pop_back();
    EXPECT_FALSE(verifier.verify(digest, body, noon));
}

TEST(WebhookSignature, is_good_for_five_minutes_to_both_sides) {
    const auto signature = sign_webhook(body, noon, "current");
    EXPECT_TRUE(verifier.verify(signature, body, noon + 5min));
    EXPECT_TRUE(verifier.verify(signature, body, noon - 5min));
    EXPECT_FALSE(verifier.verify(signature, body, noon + 5min + 1us));
    EXPECT_FALSE(verifier.verify(signature, body, noon - 5min - 1us));
}

TEST(WebhookSignature, one_good_digest_of_several_is_enough_and_unknown_parts_are_ignored) {
    const auto signature = sign_webhook(body, noon, "current");
    EXPECT_TRUE(verifier.verify(signature + ",v1=" + std::string(64, '0') + ",v2=x", body, noon));
    EXPECT_TRUE(verifier.verify(replaced(signature, ",v1=", ",v1=00,v1="), body, noon));
}

TEST(WebhookSignature, broken_headers_are_refused) {
    const auto digest = sign_webhook(body, noon, "current").substr(2 + 10);
    for (const auto& signature :
         {std::string{}, std::string{"t="}, std::string{"v1="}, std::string{",,,"}, digest, "t=" + digest,
          "t=1x" + digest, "t=-1" + digest, "t=99999999999999999999" + digest, "t=9223372036854775807" + digest,
          "T=1790164800" + digest, std::string(100'000, ',')})
        EXPECT_FALSE(verifier.verify(signature, body, noon)) << signature.substr(0, 100);
}

TEST(WebhookSignature, an_empty_secret_proves_nothing) {
    const WebhookVerifier none{{"", ""}};
    EXPECT_TRUE(none.empty());
    EXPECT_FALSE(none.verify(sign_webhook(body, noon, ""), body, noon));
}

}  // namespace
}  // namespace localtea::services
