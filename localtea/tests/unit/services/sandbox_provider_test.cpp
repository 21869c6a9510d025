#include "services/sandbox_provider.hpp"

#include <gtest/gtest.h>

namespace localtea::services {
namespace {

const SandboxProvider provider{"http://shop.test"};

std::string notice(std::string_view event, std::string_view type, std::string_view payment,
                   std::string_view amount) {
    return std::string{R"({"event_id":)"}
        .append(event)
        .append(R"(,"type":)")
        .append(type)
        .append(R"(,"payment_id":)")
        .append(payment)
        .append(R"(,"order_id":7,"amount_cents":)")
        .append(amount)
        .append("}");
}

TEST(SandboxProvider, opens_payments_of_different_names_each_with_its_page) {
    const auto one = provider.open(7, domain::Money::kopecks(100));
    const auto other = provider.open(7, domain::Money::kopecks(100));
    EXPECT_NE(one.external_id, other.external_id);
    EXPECT_EQ(one.url, "http://shop.test/sandbox/pay/" + one.external_id);
}

TEST(SandboxProvider, reads_what_a_notice_says) {
    const auto read = provider.read_notice(notice(R"("e")", R"("payment.failed")", R"("p")", "125000"));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->event_id, "e");
    EXPECT_EQ(read->kind, domain::NoticeKind::failed);
    EXPECT_EQ(read->external_id, "p");
    EXPECT_EQ(read->order_id, 7);
    EXPECT_EQ(read->amount, domain::Money::kopecks(1'250'00));
}

TEST(SandboxProvider, what_is_no_notice_is_none) {
    const auto good_type = R"("payment.succeeded")";
    const auto long_id = "\"" + std::string(129, 'x') + "\"";
    for (const auto& body :
         {std::string{}, std::string{"null"}, std::string{"[]"}, std::string{"{}"}, std::string(300, '['),
          notice(R"("e")", R"("payment.refunded")", R"("p")", "1"), notice("5", good_type, R"("p")", "1"),
          notice(R"("")", good_type, R"("p")", "1"), notice(R"("e")", good_type, R"("")", "1"),
          notice(long_id, good_type, R"("p")", "1"), notice(R"("a\u0000b")", good_type, R"("p")", "1"),
          notice(R"("e")", good_type, R"("p")", "1.5"), notice(R"("e")", good_type, R"("p")", R"("1")"),
          notice(R"("e")", good_type, R"("p")", "99999999999999999999")})
        EXPECT_FALSE(provider.read_notice(body)) << body;
}

}  // namespace
}  // namespace localtea::services
