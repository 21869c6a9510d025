#include "domain/money_text.hpp"

#include <gtest/gtest.h>

namespace localtea::domain {
namespace {

TEST(Rubles, are_grouped_by_thousands_and_have_two_places) {
    EXPECT_EQ(rubles(Money{}), "0,00\u00a0₽");
    EXPECT_EQ(rubles(Money::kopecks(5)), "0,05\u00a0₽");
    EXPECT_EQ(rubles(Money::kopecks(999'99)), "999,99\u00a0₽");
    EXPECT_EQ(rubles(Money::kopecks(1'250'00)), "1\u00a0250,00\u00a0₽");
    EXPECT_EQ(rubles(Money::kopecks(12'345'678'90)), "12\u00a0345\u00a0678,90\u00a0₽");
}

TEST(Rubles, below_zero_have_a_sign_down_to_the_least) {
    EXPECT_EQ(rubles(Money::kopecks(-100'00)), "-100,00\u00a0₽");
    EXPECT_EQ(rubles(Money::kopecks(INT64_MIN)), "-92\u00a0233\u00a0720\u00a0368\u00a0547\u00a0758,08\u00a0₽");
}

}  // namespace
}  // namespace localtea::domain
