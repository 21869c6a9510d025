#include "domain/delivery.hpp"

#include <gtest/gtest.h>

namespace localtea::domain {
namespace {

constexpr Money some = Money::kopecks(100'00);

std::int64_t parcel(std::int64_t grams, Money goods = some) {
    return delivery_cost(DeliveryMethod::russian_post, grams, goods).in_kopecks();
}

TEST(DeliveryCost, picking_up_is_free_whatever_it_weighs) {
    EXPECT_EQ(delivery_cost(DeliveryMethod::pickup, 20'000, some), Money{});
}

TEST(DeliveryCost, a_parcel_costs_by_every_500_grams_begun) {
    EXPECT_EQ(parcel(0), 350'00);
    EXPECT_EQ(parcel(500), 350'00);
    EXPECT_EQ(parcel(501), 410'00);
    EXPECT_EQ(parcel(1'000), 410'00);
    EXPECT_EQ(parcel(1'001), 470'00);
}

TEST(DeliveryCost, goods_of_5000_rubles_travel_free_and_a_kopeck_less_does_not) {
    EXPECT_EQ(parcel(700, free_delivery_from), 0);
    EXPECT_EQ(parcel(700, free_delivery_from - Money::kopecks(1)), 410'00);
}

TEST(DeliveryCost, weight_beyond_any_parcel_is_still_a_price_and_a_negative_one_a_mistake) {
    EXPECT_THROW(parcel(-1), std::invalid_argument);
    EXPECT_GT(parcel(INT64_MAX / 100'000), 0);
    EXPECT_THROW(parcel(INT64_MAX), MoneyOverflow);
}

TEST(RussianPostalCode, is_six_digits_and_nothing_else) {
    EXPECT_EQ(normalise_russian_postal_code(" 190000 ").value(), "190000");
    for (const auto* text : {"", "19000", "1900000", "19000a", "１９００００", "190 000", "-90000"})
        EXPECT_FALSE(normalise_russian_postal_code(text)) << text;
}

}  // namespace
}  // namespace localtea::domain
